import { createHash } from 'node:crypto';
import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { FileObservation } from '../../../domain/recovery-points/backup-checks.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import type { Watch } from '../../../domain/watch.ts';
import { contentOf } from './checked-file.ts';
import type { RepositoryIndex } from './repository-index.ts';
import { readShardFiles, type ShardFile } from './shard-files.ts';

type Storage = Pick<ObjectStorage, 'list' | 'get'>;

/** Shards that are read in parallel. */
const together = 16;

/**
 * Whether the files of a snapshot lie in the repository, with their sizes: of as many shards as make `files` files. Each
 * snapshot gives the shards another order, the same one each time, so that over time all of them are checked. A shard
 * takes one object to read and the list of its folder. The snapshot must be listed in `repository`.
 */
export async function observeFiles(
  storage: Storage,
  repository: RepositoryIndex,
  snapshot: SnapshotName,
  expected: readonly { name: IndexName; primaries: number }[],
  { files, signal }: { files: number } & Pick<Watch, 'signal'>,
): Promise<FileObservation> {
  const uuid = repository.snapshots.find(({ name }) => name === snapshot)?.uuid ?? '';
  const shards = shardsOf(repository, expected, uuid);
  const observation: FileObservation = { files: 0, shards: 0, allShards: shards.length, faults: [], unreadable: [] };
  const next = shards.values();
  const observeNext = async () => {
    for (const { shard, folder } of next) {
      signal?.throwIfAborted();
      await observeShard(storage, { shard, folder, uuid }, observation);
      if (observation.files >= files) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, files) }, observeNext));
  observation.faults.sort();
  observation.unreadable.sort();
  return observation;
}

interface ShardPlace {
  /** `index[shard]`. */
  shard: string;
  /** Its folder, with a slash at the end. */
  folder: string;
}

function shardsOf(
  { indices }: RepositoryIndex,
  expected: readonly { name: IndexName; primaries: number }[],
  uuid: string,
): ShardPlace[] {
  const order = (shard: string) => createHash('sha256').update(`${uuid} ${shard}`).digest('hex');
  return expected
    .flatMap(({ name, primaries }) => {
      const id = indices[name]?.id;
      if (id === undefined) return [];
      return Array.from({ length: primaries }, (_, shard) => ({
        shard: `${name}[${shard}]`,
        folder: `indices/${id}/${shard}/`,
      }));
    })
    .map((place) => ({ place, order: order(place.shard) }))
    .toSorted((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ place }) => place);
}

async function observeShard(
  storage: Storage,
  { shard, folder, uuid }: ShardPlace & { uuid: string },
  observation: FileObservation,
): Promise<void> {
  const own = `${folder}snap-${uuid}.dat`;
  const file = await storage.get(own);
  observation.shards += 1;
  observation.files += 1;
  if (file === undefined) {
    observation.faults.push(`${shard}: ${own} is not there`);
    return;
  }
  let content: Buffer;
  try {
    content = contentOf(file, 'snapshot');
  } catch (error) {
    observation.faults.push(`${shard}: ${own} is damaged: ${(error as Error).message}`);
    return;
  }
  let files: ShardFile[];
  try {
    files = readShardFiles(content);
  } catch (error) {
    observation.unreadable.push(`${shard}: ${(error as Error).message}`);
    return;
  }
  const wanted = new Map(
    files.flatMap(({ physicalName, blobs }) =>
      blobs.map(({ name, bytes }) => [
        `${folder}${name}`,
        { bytes, named: `${shard}: ${folder}${name} (${physicalName})` },
      ]),
    ),
  );
  observation.files += wanted.size;
  if (wanted.size === 0) return;
  for await (const { key, bytes: found } of storage.list(`${folder}__`)) {
    const blob = wanted.get(key);
    if (blob === undefined) continue;
    wanted.delete(key);
    if (found !== blob.bytes) observation.faults.push(`${blob.named} has ${found} bytes instead of ${blob.bytes}`);
    if (wanted.size === 0) break;
  }
  for (const { named } of wanted.values()) observation.faults.push(`${named} is not there`);
}
