import { createHash } from 'node:crypto';
import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { BlobObservation } from '../../../domain/recovery-points/backup-checks.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import type { Watch } from '../../../domain/watch.ts';
import type { RepositoryIndex } from './repository-index.ts';
import { readShardFiles, type ShardFile } from './shard-files.ts';

type Storage = Pick<ObjectStorage, 'list' | 'get'>;

/** Shards that are read in parallel. */
const together = 16;
/** How many names of one folder are read; files that come later are listed one by one, up to a limit. */
const longestList = 20_000;
const mostSingleRequests = 20;

/**
 * Whether the files of a snapshot lie in the repository, with their sizes: of as many shards as make `files` files. Each
 * snapshot gives the shards another order, the same one each time, so that over time all of them are checked. A shard
 * takes one object to read and the list of its folder. The snapshot must be listed in `repository`.
 */
export async function observeBlobs(
  storage: Storage,
  repository: RepositoryIndex,
  snapshot: SnapshotName,
  expected: readonly { name: IndexName; primaries: number }[],
  { files, signal }: { files: number } & Pick<Watch, 'signal'>,
): Promise<BlobObservation> {
  const uuid = repository.snapshots.find(({ name }) => name === snapshot)?.uuid ?? '';
  const shards = shardsOf(repository, expected, uuid);
  const observation: BlobObservation = { files: 0, shards: 0, allShards: shards.length, missing: [], unreadable: [] };
  const next = shards.values();
  const observeNext = async () => {
    for (const { shard, folder } of next) {
      signal?.throwIfAborted();
      await observeShard(storage, { shard, folder, uuid }, observation);
      if (observation.files >= files) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, files) }, observeNext));
  observation.missing.sort();
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
  observation: BlobObservation,
): Promise<void> {
  const own = `snap-${uuid}.dat`;
  const [file, listed] = await Promise.all([storage.get(folder + own), listFolder(storage, folder)]);
  observation.shards += 1;
  observation.files += 1;
  if (file === undefined || file.length === 0) {
    observation.missing.push(`${shard}: ${folder}${own} is not there`);
    return;
  }
  let files: ShardFile[];
  try {
    files = readShardFiles(file);
  } catch (error) {
    observation.unreadable.push(`${shard}: ${(error as Error).message}`);
    return;
  }
  const wanted = files.flatMap(({ physicalName, blobs }) => blobs.map((blob) => ({ physicalName, ...blob })));
  let singleRequests = mostSingleRequests;
  for (const { name, bytes, physicalName } of wanted) {
    const key = folder + name;
    let found = listed.sizes.get(key);
    if (found === undefined && !listed.whole) {
      if (singleRequests-- <= 0) continue;
      found = (await listFolder(storage, key)).sizes.get(key);
    }
    observation.files += 1;
    if (found === undefined) observation.missing.push(`${shard}: ${key} (${physicalName}) is not there`);
    else if (found !== bytes)
      observation.missing.push(`${shard}: ${key} (${physicalName}) has ${found} bytes instead of ${bytes}`);
  }
}

/** Sizes by key, of at most so many; `whole`: there are no more. */
async function listFolder(storage: Storage, prefix: string): Promise<{ sizes: Map<string, number>; whole: boolean }> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of storage.list(prefix)) {
    if (sizes.size === longestList) return { sizes, whole: false };
    sizes.set(key, bytes);
  }
  return { sizes, whole: true };
}
