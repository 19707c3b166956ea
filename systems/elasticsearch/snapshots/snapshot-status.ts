import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt } from '../errors.ts';

export interface SnapshotStatus {
  /** Bytes of all files that the snapshot refers to. */
  totalBytes: number;
  /** Bytes that it adds to the repository, and those of them that are written. */
  incrementalBytes: number;
  writtenBytes: number;
  shards: ShardCounts;
}

export interface IndexInSnapshot {
  shards: ShardCounts;
  totalBytes: number;
  incrementalBytes: number;
}

/** `done`: those that Elasticsearch read in the repository. */
export interface ShardCounts {
  done: number;
  failed: number;
  total: number;
}

/** The snapshot as a whole; also while it runs. */
export async function snapshotStatus(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<SnapshotStatus> {
  const found = await readStatus(client, repository, snapshot, 'snapshots.stats,snapshots.shards_stats');
  const incrementalBytes = found?.stats.incremental.size_in_bytes ?? 0;
  // Absent once everything is written, and from a snapshot that Elasticsearch no longer knows.
  const stats = found?.stats as { processed?: { size_in_bytes: number } } | undefined;
  return {
    totalBytes: found?.stats.total.size_in_bytes ?? 0,
    incrementalBytes,
    writtenBytes: stats?.processed?.size_in_bytes ?? (found ? 0 : incrementalBytes),
    shards: countsOf(found?.shards_stats),
  };
}

/**
 * What a snapshot that has ended holds of each index, whoever took it. Elasticsearch reads every shard's own file for it,
 * so one that is missing or damaged makes this fail (RepositoryRefused, SnapshotMissing).
 */
export async function indicesInSnapshot(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<Record<IndexName, IndexInSnapshot>> {
  const fields = 'snapshots.indices.*.shards_stats,snapshots.indices.*.stats';
  const indices = (await readStatus(client, repository, snapshot, fields))?.indices ?? {};
  return Object.fromEntries(
    Object.entries(indices).map(([name, { shards_stats: shards, stats }]) => [
      name,
      {
        shards: countsOf(shards),
        totalBytes: stats.total.size_in_bytes,
        incrementalBytes: stats.incremental.size_in_bytes,
      },
    ]),
  );
}

/** Only the named fields of the answer, which is long. */
async function readStatus(client: Client, repository: string, snapshot: SnapshotName, fields: string) {
  const { snapshots } = await attempt(`read the status of snapshot ${snapshot}`, () =>
    client.snapshot.status({ repository, snapshot, filter_path: fields }, { requestTimeout: storageTimeout }),
  );
  return (snapshots as typeof snapshots | undefined)?.[0];
}

function countsOf({ done = 0, failed = 0, total = 0 }: Partial<ShardCounts> = {}): ShardCounts {
  return { done, failed, total };
}
