import { Failure } from '../../../domain/failures.ts';
import type { SnapshotName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import type { Client } from '../client.ts';
import { failureKindOf, innermostReason, remedyOf } from '../errors.ts';
import { growingInterval, pause, pollMilliseconds } from '../../pause.ts';
import { snapshotStatus } from './snapshot-status.ts';
import { snapshotIfThere, type SnapshotSummary } from './snapshots.ts';

export interface SnapshotSizes {
  /** Bytes of all files the snapshot refers to. */
  totalBytes: number;
  /** Bytes it added to the repository. */
  incrementalBytes: number;
  startedAt: string;
  finishedAt: string;
  shards: number;
}

/** The end of a snapshot and its sizes: `awaitSnapshotEnd` and `snapshotSizes`. */
export async function awaitSnapshot(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
  watch: Watch = {},
): Promise<SnapshotSizes> {
  return snapshotSizes(client, repository, await awaitSnapshotEnd(client, repository, snapshot, watch));
}

/**
 * Waits for the snapshot's end and demands SUCCESS: PARTIAL and FAILED are failures that name the shards. It only looks
 * at what the repository says, so another worker can go on waiting where one died. `request`, where there is one, ends
 * with the snapshot, and knows why one could not be written to its end.
 */
export async function awaitSnapshotEnd(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
  watch: Watch = {},
  request?: { settled: Promise<{ failure?: Error }> },
): Promise<SnapshotSummary> {
  const started = performance.now();
  let open = request;
  for (
    let wait = open ? pollMilliseconds : 0;
    ;
    wait = growingInterval(performance.now() - started, open ? pollMilliseconds : 50)
  ) {
    const settled = await Promise.race([
      ...(open ? [open.settled] : []),
      pause(wait, watch.signal).then(() => undefined),
    ]);
    if (settled !== undefined) open = undefined;
    if (settled?.failure !== undefined && !isUnreachable(settled.failure)) throw settled.failure;
    const seen = await snapshotIfThere(client, repository, snapshot);
    if (seen?.state === 'SUCCESS') return seen;
    if (seen !== undefined && seen.state !== 'IN_PROGRESS') throw unsuccessful(repository, seen);
    if (seen === undefined && open === undefined) throw settled?.failure ?? vanished(repository, snapshot);
    if (seen === undefined) continue;
    const { incrementalBytes, writtenBytes, shards } = await snapshotStatus(client, repository, snapshot);
    watch.onProgress?.({
      done: writtenBytes,
      total: Math.max(incrementalBytes, writtenBytes),
      unit: 'bytes',
      note: `${shards.done} of ${shards.total} shards`,
    });
  }
}

/** Elasticsearch reads every shard's own file for them. */
export async function snapshotSizes(client: Client, repository: string, seen: SnapshotSummary): Promise<SnapshotSizes> {
  const { totalBytes, incrementalBytes } = await snapshotStatus(client, repository, seen.name);
  return {
    totalBytes,
    incrementalBytes,
    startedAt: seen.startTime,
    finishedAt: seen.endTime ?? seen.startTime,
    shards: seen.shards.total,
  };
}

const isUnreachable = (error: unknown) => error instanceof Failure && error.kind === 'ElasticsearchUnreachable';

/** Elasticsearch forgets a snapshot whose end it could not write; only its log says why. */
function vanished(repository: string, snapshot: SnapshotName): Failure {
  return new Failure('SnapshotFailed', {
    message: `Snapshot ${snapshot} is not in repository ${repository} any more: it was deleted, or Elasticsearch could not write its end`,
    remedy: 'Search the log of the Elasticsearch service for its name, remove the cause, then take the backup again',
  });
}

function unsuccessful(repository: string, { name, state, failures, shards }: SnapshotSummary): Failure {
  const reasons = failures
    .slice(0, 5)
    .map(({ index, shard, reason }) => `${index}[${shard}]: ${innermostReason(reason)}`)
    .join('; ');
  const plain = state === 'PARTIAL' ? 'SnapshotPartial' : 'SnapshotFailed';
  const cause = failureKindOf(failures.map(({ reason }) => reason).join('\n'), plain);
  // A fault of the repository affects every later backup, too; with other causes the shards are what matters.
  const kind = cause === 'ObjectStorageFull' || cause === 'RepositoryCorrupted' ? cause : plain;
  const more = failures.length > 5 ? `; and ${failures.length - 5} more` : '';
  return new Failure(kind, {
    message: `Snapshot ${name} in repository ${repository} ended as ${state}: ${shards.failed} of ${shards.total} shards failed: ${reasons}${more}`,
    remedy: cause === plain ? 'Make the named shards healthy, then take the backup again' : remedyOf(cause),
  });
}
