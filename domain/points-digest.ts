import { choosePoint, type RecoveryPointSummary } from './recovery-point.ts';

/** What status and metrics want to know of a list of recovery points, however long it is. */
export interface PointsDigest {
  /** Neither bad nor being deleted: a restore may choose them. */
  good: number;
  bad: number;
  deleting: number;
  /** Of the good ones. */
  proven: number;
  pinned: number;
  newestGood?: RecoveryPointSummary;
  /** The newest good one that a restore has proven. */
  newestProven?: RecoveryPointSummary;
  /** When a restore last proved a point, whichever it was. ISO 8601, UTC. */
  lastProofAt?: string;
}

export function digestPoints(points: readonly RecoveryPointSummary[]): PointsDigest {
  const good = points.filter(({ bad, deleting }) => !bad && !deleting);
  const newestGood = choosePoint(good, { latest: true });
  const newestProven = choosePoint(good, { proven: true });
  const lastProofAt = points
    .flatMap(({ provenAt }) => provenAt ?? [])
    .reduce((latest, at) => (latest === '' || Date.parse(at) > Date.parse(latest) ? at : latest), '');
  return {
    good: good.length,
    bad: points.filter(({ bad, deleting }) => bad && !deleting).length,
    deleting: points.filter(({ deleting }) => deleting).length,
    proven: good.filter(({ provenAt }) => provenAt !== undefined).length,
    pinned: points.filter(({ pinned }) => pinned).length,
    ...(newestGood && { newestGood }),
    ...(newestProven && { newestProven }),
    ...(lastProofAt !== '' && { lastProofAt }),
  };
}

/** How old the data of a point is, in seconds; a point of the future (clocks differ) is new. `now` in milliseconds. */
export function ageSeconds({ startedAt }: { startedAt: string }, now: number): number {
  return Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000));
}
