import type { Action } from '../plans/steps.ts';
import type { Forecast } from './forecast.ts';
import type { RunProgress } from './progress.ts';

/** A restore that passed, as far as a forecast learns from it. */
export interface EarlierRestore {
  report: RunProgress;
  /** Of the snapshots that it restored. */
  totalBytes: number;
}

const unknown = { fixedSeconds: 90, bytesPerSecond: 40e6 };

/**
 * Seconds from the first stop to a healthy core: what earlier restores took apart from moving bytes, plus these bytes at
 * their pace, or at the throttle when that is lower. Without an earlier one: cautious figures, and the basis says so.
 */
export function forecastDowntime(
  earlier: readonly EarlierRestore[],
  snapshot: { totalBytes: number; throttleBytesPerSecond?: number },
): Pick<Forecast, 'downtimeSeconds' | 'basis'> {
  const seen = earlier.map(({ report, totalBytes }) => {
    const downtime = downtimeOf(report, Date.parse(report.finishedAt ?? ''))?.seconds ?? 0;
    const restoring = secondsOf(report, 'restoreIndices');
    return { fixedSeconds: downtime - restoring, bytesPerSecond: totalBytes / Math.max(restoring, 0.1) };
  });
  const fixedSeconds = median(seen.map((one) => one.fixedSeconds)) ?? unknown.fixedSeconds;
  const pace = median(seen.map((one) => one.bytesPerSecond)) ?? unknown.bytesPerSecond;
  const bytesPerSecond = Math.min(pace, snapshot.throttleBytesPerSecond ?? Infinity);
  return {
    downtimeSeconds: Math.ceil(fixedSeconds + snapshot.totalBytes / bytesPerSecond),
    basis: seen.length === 0 ? 'a guess: no restore of this platform has passed yet' : `from ${seen.length} earlier`,
  };
}

/** How long a restore's platform was, or has been, without service. */
export interface Downtime {
  seconds: number;
  /** False: the core is not healthy, and the downtime goes on, or went on when the run ended. */
  over: boolean;
}

const begins: ReadonlySet<Action> = new Set(['stopService', 'quarantineVolume', 'createNetwork', 'startService']);
const proves: ReadonlySet<Action> = new Set(['awaitStore', 'verifyIndices', 'verifyQueue', 'runContainer']);

/**
 * From the first stop (or the first thing made) until every service is healthy: core services start last. Where there are
 * none, until the stores are verified. `now` in ms since 1970. Undefined before the first stop.
 */
export function downtimeOf(
  progress: Pick<RunProgress, 'steps' | 'kind' | 'finishedAt'>,
  now: number,
): Downtime | undefined {
  const { steps, kind, finishedAt } = progress;
  // A person's decision may have repeated the very first of them hours later.
  const starts = steps
    .filter(({ action }) => begins.has(action))
    .map(({ firstStartedAt, startedAt }) => Date.parse(firstStartedAt ?? startedAt ?? ''))
    .filter((time) => !Number.isNaN(time));
  if (kind !== 'restore' || starts.length === 0) return undefined;
  const seconds = (until: number) => (until - Math.min(...starts)) / 1000;
  // After a rollback the services that it starts count, not those that the restore would have started.
  const back = steps.findIndex(({ action }) => action === 'returnVolume');
  const needed = steps.slice(Math.max(0, back)).filter(({ action }) => action === 'startService' || proves.has(action));
  const healthy = needed.every(
    ({ action, status }) => status === 'done' || (status === 'skipped' && action !== 'startService'),
  );
  const ends = needed.map((step) => Date.parse(step.finishedAt ?? '')).filter((time) => !Number.isNaN(time));
  if (healthy && ends.length > 0) return { seconds: seconds(Math.max(...ends)), over: true };
  // Undone: what was stopped runs again when the run ends.
  const undone = steps.every(
    ({ action, status }) => !begins.has(action) || status === 'undone' || status === 'waiting',
  );
  return { seconds: seconds(finishedAt === undefined ? now : Date.parse(finishedAt)), over: undone };
}

function secondsOf({ steps }: RunProgress, action: string): number {
  return steps
    .filter((step) => step.action === action)
    .reduce((sum, { startedAt = '', finishedAt = '' }) => {
      const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
      return Number.isNaN(seconds) ? sum : sum + seconds;
    }, 0);
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
