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
 * Seconds from the first stop to a healthy core: what earlier restores took apart from moving bytes, and these bytes at
 * their pace, or at the throttle when that is lower. Without an earlier one: cautious figures, and the basis says so.
 */
export function forecastDowntime(
  earlier: readonly EarlierRestore[],
  snapshot: { totalBytes: number; throttleBytesPerSecond?: number },
): Pick<Forecast, 'downtimeSeconds' | 'basis'> {
  const seen = earlier.map(({ report, totalBytes }) => {
    const downtime = downtimeSeconds(report) ?? 0;
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

/** Seconds from the first stop (or the first thing made) to the last start of a restore. */
export function downtimeSeconds({ steps, kind }: Pick<RunProgress, 'steps' | 'kind'>): number | undefined {
  if (kind !== 'restore') return undefined;
  const begins = new Set(['stopService', 'quarantineVolume', 'createNetwork', 'startService']);
  const first = steps.find(({ action, startedAt }) => startedAt && begins.has(action));
  const last = steps.findLast(({ action, finishedAt }) => finishedAt && action === 'startService');
  if (!first?.startedAt || !last?.finishedAt) return undefined;
  return (Date.parse(last.finishedAt) - Date.parse(first.startedAt)) / 1000;
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
