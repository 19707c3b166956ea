import { isGood, type RecoveryPointSummary } from './recovery-point.ts';

/** What status and metrics need to know about a list of recovery points of any length. */
export interface PointsDigest {
  /** Neither bad nor suspect nor being deleted: a restore may choose them. */
  good: number;
  bad: number;
  /** Those that nobody has accepted yet. */
  suspect: number;
  deleting: number;
  /** Among the good ones. */
  proven: number;
  pinned: number;
  newestGood?: RecoveryPointSummary;
  /** The newest good one that a restore has proven. */
  newestProven?: RecoveryPointSummary;
  /** When a restore last proved any point. ISO 8601, UTC. */
  lastProofAt?: string;
}

export function digestPoints(points: readonly RecoveryPointSummary[]): PointsDigest {
  const good = points.filter(isGood);
  const proven = good.filter(({ provenAt }) => provenAt !== undefined);
  const newestGood = latest(good, ({ startedAt }) => startedAt);
  const newestProven = latest(proven, ({ startedAt }) => startedAt);
  const lastProofAt = latest(points, ({ provenAt }) => provenAt)?.provenAt;
  return {
    good: good.length,
    bad: points.filter(({ bad, deleting }) => bad && !deleting).length,
    suspect: points.filter(({ suspect, bad, deleting }) => suspect && !bad && !deleting).length,
    deleting: points.filter(({ deleting }) => deleting).length,
    proven: proven.length,
    pinned: points.filter(({ pinned }) => pinned).length,
    ...(newestGood && { newestGood }),
    ...(newestProven && { newestProven }),
    ...(lastProofAt !== undefined && { lastProofAt }),
  };
}

/** The one with the latest of these times, in one pass: there may be ten thousand. Those without a time don't count. */
function latest<T>(all: readonly T[], timeOf: (one: T) => string | undefined): T | undefined {
  let found: { one: T; at: number } | undefined;
  for (const one of all) {
    const time = timeOf(one);
    if (time === undefined) continue;
    const at = Date.parse(time);
    if (found === undefined || at > found.at) found = { one, at };
  }
  return found?.one;
}

/** How old the data of a point is, in seconds; a point from the future (clock skew) counts as new. `now` in milliseconds. */
export function ageSeconds({ startedAt }: { startedAt: string }, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000));
}
