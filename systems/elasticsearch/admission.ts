import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import type { IndexName, SnapshotName } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { storageTimeout, type Client } from './client.ts';
import { attempt, failureOf, remedyOf } from './errors.ts';
import { pause, pollMilliseconds } from '../pause.ts';

export interface Patience {
  timeoutSeconds: number;
  /** When the waiting began, as `performance.now()` tells it; absent: now. */
  since?: number;
}

/** A red cluster on which nothing has moved for so long stays red. */
const settledSeconds = 3;

/**
 * Waits until no primary is missing. While shards are still being recovered, a red cluster is waited for: it has just
 * started. `ClusterRed`, with the red indices, once nothing moves any more or the time is up;
 * `ElasticsearchUnreachable` when nobody answers by then.
 */
export async function awaitNotRed(client: Client, limit: Patience, watch: Watch = {}): Promise<void> {
  const { since: started = performance.now() } = limit;
  const secondsNow = () => (performance.now() - started) / 1000;
  let stillSince: number | undefined;
  for (;;) {
    const seen = await redIndices(client);
    if (seen === undefined) return;
    const seconds = secondsNow();
    stillSince = seen.red !== undefined && !seen.moves ? (stillSince ?? seconds) : undefined;
    const settled = stillSince !== undefined && seconds - stillSince >= settledSeconds;
    if (seen.red !== undefined && (settled || seconds >= limit.timeoutSeconds)) throw clusterRed(seen.red);
    if (seconds >= limit.timeoutSeconds) {
      throw new Failure('ElasticsearchUnreachable', {
        message: `Elasticsearch was not usable within ${limit.timeoutSeconds} s: ${seen.note}`,
        remedy: remedyOf('ElasticsearchUnreachable'),
      });
    }
    watch.onProgress?.({ done: Math.round(seconds), total: limit.timeoutSeconds, unit: 'seconds', note: seen.note });
    await pause(pollMilliseconds, watch.signal);
  }
}

const wanted = [
  'status',
  'timed_out',
  'initializing_shards',
  'number_of_in_flight_fetch',
  'number_of_pending_tasks',
  'indices.*.status',
];

interface Seen {
  note: string;
  /** Absent: nobody answers. */
  red?: IndexName[];
  moves: boolean;
}

/** What is still wrong; undefined when no primary is missing. Wrong credentials are thrown: waiting does not help. */
async function redIndices(client: Client): Promise<Seen | undefined> {
  try {
    const health = await client.cluster.health(
      { timeout: '1s', level: 'indices', expand_wildcards: 'all', filter_path: wanted },
      { requestTimeout: 5_000 },
    );
    if (health.timed_out) return { note: 'no answer from the master node', moves: true };
    if (health.status !== 'red') return undefined;
    const red = Object.entries(health.indices ?? {})
      .filter(([, { status }]) => status === 'red')
      .map(([name]) => name)
      .toSorted();
    const moves =
      health.initializing_shards > 0 || health.number_of_in_flight_fetch > 0 || health.number_of_pending_tasks > 0;
    return { note: `status red: ${listed(red)}`, red, moves };
  } catch (error) {
    const failure = failureOf(error, 'reach Elasticsearch');
    if (failure instanceof Failure && failure.kind === 'ElasticsearchUnreachable')
      return { note: failure.message, moves: true };
    throw failure;
  }
}

function clusterRed(red: readonly IndexName[]): Failure {
  const what = red.length === 0 ? 'no index says why' : `primaries are missing of ${listed(red)}`;
  return new Failure('ClusterRed', {
    message: `Elasticsearch is red, so a backup would be incomplete: ${what}; no snapshot was taken`,
    remedy:
      'Bring the missing primaries back ("GET _cluster/allocation/explain" says why they are away), or restore the platform; then take the backup again',
  });
}

/**
 * Waits until no other snapshot runs in the repository, whoever takes it: two at a time would starve the platform.
 * `SnapshotRunning`, with their names, when the time is up. `own` is this run's, begun by an earlier attempt.
 */
export async function awaitNoSnapshot(
  client: Client,
  { repository, own, timeoutSeconds, since = performance.now() }: { repository: string; own: SnapshotName } & Patience,
  watch: Watch = {},
): Promise<void> {
  for (;;) {
    const running = (await runningIn(client, repository)).filter((name) => name !== own);
    if (running.length === 0) return;
    const seconds = Math.round((performance.now() - since) / 1000);
    if (seconds >= timeoutSeconds) {
      throw new Failure('SnapshotRunning', {
        message: `In repository ${repository} the snapshot ${listed(running)} still runs after ${seconds} s; no other one was started in parallel`,
        remedy: `Wait until it has ended ("GET _snapshot/${repository}/_current" shows it) or end it (DELETE _snapshot/${repository}/<snapshot>); then take the backup again`,
      });
    }
    watch.onProgress?.({
      done: seconds,
      total: timeoutSeconds,
      unit: 'seconds',
      note: `waits for snapshot ${listed(running)}, which runs in repository ${repository}`,
    });
    await pause(pollMilliseconds, watch.signal);
  }
}

async function runningIn(client: Client, repository: string): Promise<SnapshotName[]> {
  const { snapshots } = await attempt(`list the snapshots that run in repository ${repository}`, () =>
    client.snapshot.get(
      { repository, snapshot: '_current', ignore_unavailable: true },
      { requestTimeout: storageTimeout },
    ),
  );
  return (snapshots ?? []).map(({ snapshot }) => snapshot);
}
