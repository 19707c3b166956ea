import type { Watch } from '../../../domain/watch.ts';
import { awaitSnapshotEnd } from './await-snapshot.ts';
import { storageTimeout, type Client } from '../client.ts';
import { attempt, isIndexGone } from '../errors.ts';
import { bodyOf, type SnapshotRequest, type SnapshotSummary } from './snapshots.ts';

/**
 * Takes a snapshot, or goes on with the one that an earlier attempt of the same run began, and waits for its end. The
 * request that begins it is held until then: so its end is noticed at once, and a reason that only its answer tells (no
 * room to write the end, a repository that others changed) is not lost. Failures: those of `awaitSnapshotEnd`.
 */
export async function takeSnapshot(
  client: Client,
  request: SnapshotRequest,
  watch: Watch = {},
): Promise<SnapshotSummary> {
  for (let tries = 3; ; tries -= 1)
    try {
      return await takeOnce(client, request, watch);
    } catch (error) {
      // Deleted since the request was made: it is made again, of what is left.
      if (tries === 1 || !isIndexGone(error)) throw error;
    }
}

async function takeOnce(client: Client, request: SnapshotRequest, watch: Watch): Promise<SnapshotSummary> {
  const { repository, snapshot } = request;
  const body = await bodyOf(client, request);
  if (body === undefined) return awaitSnapshotEnd(client, repository, snapshot, watch);
  const letGo = new AbortController();
  const settled = attempt(`take snapshot ${snapshot}`, () =>
    client.snapshot.create(
      { ...body, wait_for_completion: true },
      { requestTimeout: storageTimeout, signal: letGo.signal },
    ),
  ).then(
    () => ({}),
    (failure: unknown) => ({ failure: failure as Error }),
  );
  try {
    return await awaitSnapshotEnd(client, repository, snapshot, watch, { settled });
  } finally {
    // The snapshot itself goes on; only its answer is no longer awaited.
    letGo.abort();
    await settled;
  }
}
