import { Failure } from '../../domain/failures.ts';
import type { SnapshotName } from '../../domain/platform.ts';
import type { Watch } from '../watch.ts';
import { storageTimeout, type Client } from './client.ts';
import { attempt, failureKindOf, innermostReason, remedyOf } from './errors.ts';
import { pause } from './pause.ts';
import { readSnapshot, type SnapshotSummary } from './snapshots.ts';

export interface SnapshotSizes {
  /** Bytes of all files the snapshot refers to. */
  totalBytes: number;
  /** Bytes it added to the repository. */
  incrementalBytes: number;
  startedAt: string;
  finishedAt: string;
  shards: number;
}

/**
 * Waits for the snapshot's end and demands SUCCESS: PARTIAL and FAILED are failures that name the shards. It only looks
 * at what the repository says, so another worker can go on waiting where one died.
 */
export async function awaitSnapshot(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
  watch: Watch = {},
): Promise<SnapshotSizes> {
  for (;;) {
    const seen = await readSnapshot(client, repository, snapshot);
    if (seen.state === 'SUCCESS') return sizesOf(client, repository, seen);
    if (seen.state !== 'IN_PROGRESS') throw unsuccessful(repository, seen);
    const { incremental, shards } = await statusOf(client, repository, snapshot);
    const done = incremental.done;
    watch.onProgress?.({
      done,
      total: Math.max(incremental.all, done),
      unit: 'bytes',
      note: `${shards.done} of ${shards.total} shards`,
    });
    await pause(watch);
  }
}

async function sizesOf(client: Client, repository: string, seen: SnapshotSummary): Promise<SnapshotSizes> {
  const { total, incremental } = await statusOf(client, repository, seen.name);
  return {
    totalBytes: total,
    incrementalBytes: incremental.all,
    startedAt: seen.startTime,
    finishedAt: seen.endTime ?? seen.startTime,
    shards: seen.shards.total,
  };
}

function unsuccessful(repository: string, { name, state, failures, shards }: SnapshotSummary): Failure {
  const reasons = failures
    .slice(0, 5)
    .map(({ index, shard, reason }) => `${index}[${shard}]: ${innermostReason(reason)}`)
    .join('; ');
  const kind = state === 'PARTIAL' ? 'SnapshotPartial' : 'SnapshotFailed';
  const cause = failureKindOf(failures.map(({ reason }) => reason).join('\n'), kind);
  const more = failures.length > 5 ? `; and ${failures.length - 5} more` : '';
  return new Failure(kind, {
    message: `Snapshot ${name} in repository ${repository} ended as ${state}: ${shards.failed} of ${shards.total} shards failed. ${reasons}${more}`,
    remedy: cause === kind ? 'Make the named shards healthy, then take the backup again.' : remedyOf(cause),
  });
}

interface Status {
  total: number;
  incremental: { done: number; all: number };
  shards: { done: number; total: number };
}

async function statusOf(client: Client, repository: string, snapshot: SnapshotName): Promise<Status> {
  const { snapshots } = await attempt(`read the status of snapshot ${snapshot}`, () =>
    client.snapshot.status(
      { repository, snapshot, filter_path: 'snapshots.stats,snapshots.shards_stats' },
      { requestTimeout: storageTimeout },
    ),
  );
  const found = snapshots[0];
  const incremental = found?.stats.incremental.size_in_bytes ?? 0;
  const stats = found?.stats as { processed?: { size_in_bytes: number } } | undefined;
  return {
    total: found?.stats.total.size_in_bytes ?? 0,
    incremental: { all: incremental, done: stats?.processed?.size_in_bytes ?? (found ? 0 : incremental) },
    shards: { done: found?.shards_stats.done ?? 0, total: found?.shards_stats.total ?? 0 },
  };
}
