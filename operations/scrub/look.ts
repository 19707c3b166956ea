import pLimit from 'p-limit';
import { readRepositoryIndex, type RepositoryIndex } from '../../systems/elasticsearch/repository/repository-index.ts';
import type { FoundFault, HeldPoint, RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import { indexFile, rootFiles } from '../../systems/elasticsearch/repository/root-files.ts';
import { surveyShard, type ShardPlace, type Survey } from '../../systems/elasticsearch/repository/survey-shard.ts';
import type { ScrubbedBucket } from './bucket.ts';
import type { StorePoint } from './held-points.ts';

/** Lists and small reads at a time. */
const together = 16;

/** What a repository holds of the recovery points, by its own index. */
export interface Look {
  repository: RepositoryIndex;
  /** Newest first. */
  points: HeldPoint[];
  /** Those that the repository's index does not list. */
  lost: StorePoint[];
  shards: (ShardPlace & { points: HeldPoint[] })[];
}

/** Failures: RepositoryCorrupted (its index cannot be read); those of the storage. */
export async function lookAt(
  { storage }: Pick<ScrubbedBucket, 'storage'>,
  points: readonly StorePoint[],
): Promise<Look> {
  const repository = await readRepositoryIndex(storage);
  const listed = new Map(repository.snapshots.map(({ name, uuid }) => [name, uuid]));
  const held: HeldPoint[] = [];
  const lost: StorePoint[] = [];
  for (const point of points) {
    const uuid = listed.get(point.snapshot);
    const holds = (name: string) => repository.indices[name]?.snapshots.includes(uuid ?? '') === true;
    if (uuid === undefined || !point.indices.every(({ name }) => holds(name))) lost.push(point);
    if (uuid !== undefined) held.push({ ...point, uuid, indices: point.indices.filter(({ name }) => holds(name)) });
  }
  const shards = new Map<string, Look['shards'][number]>();
  for (const point of held)
    for (const { name: index, primaries } of point.indices)
      for (let shard = 0; shard < primaries; shard++) {
        const known = shards.get(`${index}/${shard}`);
        if (known) known.points.push(point);
        else shards.set(`${index}/${shard}`, { index, shard, points: [point] });
      }
  return { repository, points: held, lost, shards: [...shards.values()] };
}

/** Everything outside of the shards, with the faults that a list shows. The look itself has read the index. */
export async function surveyRoot({ storage }: Pick<ScrubbedBucket, 'storage'>, look: Look): Promise<Survey> {
  const files = rootFiles(look.repository, look.points);
  const folders = new Set(files.map(({ key }) => key.slice(0, key.lastIndexOf('/') + 1)));
  const sizes = new Map<string, number>();
  const limit = pLimit(together);
  const prefixes = [...folders].flatMap((folder) => (folder === '' ? ['snap-', 'meta-'] : [`${folder}meta-`]));
  await limit.map(prefixes, async (prefix) => {
    for await (const { key, bytes } of storage.list(prefix)) sizes.set(key, bytes);
  });
  const faults = files
    .filter(({ key }) => !sizes.has(key))
    .map((file): FoundFault => ({ file, fault: 'it is not there' }));
  const sized = files.map((file) => ({ ...file, bytes: sizes.get(file.key) ?? 0 }));
  const index = indexFile(look.repository, look.points);
  return { files: index ? [index, ...sized] : sized, faults };
}

/** Calls `visit` with what each shard has, several shards at a time; the whole is never in memory. */
export async function eachShard(
  { storage }: ScrubbedBucket,
  look: Look,
  shards: Look['shards'],
  visit: (survey: Survey, shard: Look['shards'][number]) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const limit = pLimit(together);
  await limit.map(shards, async (shard) => {
    signal?.throwIfAborted();
    await visit(await surveyShard(storage, look.repository, shard, shard.points), shard);
  });
}

/** The same file as a later look has it; undefined: no point refers to it any more. `surveys`: what that look has seen so far. */
export async function findAgain(
  bucket: ScrubbedBucket,
  look: Look,
  { key, index, shard }: RepositoryFile,
  surveys: Map<string, Survey>,
): Promise<{ file: RepositoryFile; fault?: string } | undefined> {
  const place = look.shards.find((each) => each.index === index && each.shard === shard);
  if (shard !== undefined && place === undefined) return undefined;
  const name = place ? `${place.index}/${place.shard}` : '';
  const seen = surveys.get(name);
  const survey =
    seen ??
    (place ? await surveyShard(bucket.storage, look.repository, place, place.points) : await surveyRoot(bucket, look));
  surveys.set(name, survey);
  const file = survey.files.find((each) => each.key === key);
  const fault = survey.faults.find((each) => each.file.key === key)?.fault;
  return file && { file, ...(fault !== undefined && { fault }) };
}
