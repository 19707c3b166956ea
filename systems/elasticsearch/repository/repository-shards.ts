import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import type { RepositoryIndex } from './repository-index.ts';

/** Requests to the object storage at a time. */
const together = 16;

export interface ShardsObservation {
  /** `index[shard]`. */
  missing: string[];
  /** All shards that were looked for. */
  shards: number;
}

/**
 * Whether the snapshot's own file is there for every shard: `indices/<id>/<shard>/snap-<uuid>.dat`, without which the
 * shard cannot be restored. One short listing for each shard, never of a whole repository. The snapshot
 * must be listed, and hold the indices.
 */
export async function observeShards(
  storage: Pick<ObjectStorage, 'list'>,
  repository: RepositoryIndex,
  snapshot: SnapshotName,
  held: readonly { name: IndexName; primaries: number }[],
  { signal }: Watch = {},
): Promise<ShardsObservation> {
  const uuid = repository.snapshots.find(({ name }) => name === snapshot)?.uuid ?? '';
  const missing: string[] = [];
  const wanted = held.flatMap(({ name, primaries }) =>
    Array.from({ length: primaries }, (_, shard) => ({
      shard: `${name}[${shard}]`,
      key: `indices/${repository.indices[name]?.id ?? ''}/${shard}/snap-${uuid}.dat`,
    })),
  );
  const next = wanted.values();
  const observeNext = async () => {
    for (const { shard, key } of next) {
      signal?.throwIfAborted();
      if (!(await isThere(storage, key))) missing.push(shard);
    }
  };
  await Promise.all(Array.from({ length: together }, observeNext));
  return { missing: missing.toSorted(), shards: wanted.length };
}

async function isThere(storage: Pick<ObjectStorage, 'list'>, wanted: string): Promise<boolean> {
  for await (const { key, bytes } of storage.list(wanted)) if (key === wanted) return bytes > 0;
  return false;
}
