import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt } from '../errors.ts';

export interface IndexInSnapshot {
  /** Shards that Elasticsearch read in it. */
  shards: number;
  totalBytes: number;
  /** What this snapshot added to the repository. */
  incrementalBytes: number;
}

/**
 * What a snapshot that has ended holds of each index, whoever took it. Every shard's own file is read for it, so one that
 * is missing or damaged makes this fail (RepositoryRefused, SnapshotMissing).
 */
export async function snapshotContents(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<Record<IndexName, IndexInSnapshot>> {
  const { snapshots } = await attempt(`read the status of snapshot ${snapshot}`, () =>
    client.snapshot.status(
      { repository, snapshot, filter_path: 'snapshots.indices.*.shards_stats,snapshots.indices.*.stats' },
      { requestTimeout: storageTimeout },
    ),
  );
  const found = (snapshots as typeof snapshots | undefined)?.[0]?.indices ?? {};
  return Object.fromEntries(
    Object.entries(found).map(([name, { shards_stats: shards, stats }]) => [
      name,
      {
        shards: shards.done,
        totalBytes: stats.total.size_in_bytes,
        incrementalBytes: stats.incremental.size_in_bytes,
      },
    ]),
  );
}
