import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt } from '../errors.ts';

/**
 * How many shards of each index Elasticsearch reads in the snapshot. It reads every shard's own file for that, so a file
 * that is missing or damaged makes this fail (RepositoryRefused, SnapshotMissing).
 */
export async function snapshotShards(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<Record<IndexName, number>> {
  const { snapshots } = await attempt(`read the shards of snapshot ${snapshot}`, () =>
    client.snapshot.status(
      { repository, snapshot, filter_path: 'snapshots.indices.*.shards_stats' },
      { requestTimeout: storageTimeout },
    ),
  );
  const found = (snapshots as typeof snapshots | undefined)?.[0]?.indices ?? {};
  return Object.fromEntries(Object.entries(found).map(([name, { shards_stats: shards }]) => [name, shards.done]));
}
