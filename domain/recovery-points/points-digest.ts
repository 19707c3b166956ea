import { isGood, type RecoveryPointId, type RecoveryPointSummary } from './recovery-point.ts';

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
  /** The newest good one that a restore or a drill has proven. */
  newestProven?: RecoveryPointSummary;
  /** When a restore or a drill last proved any point. ISO 8601, UTC. */
  lastProofAt?: string;
  /** Of the good ones, the one that was proven last, and by which run. */
  lastProof?: { id: RecoveryPointId; at: string; by?: string };
}

export function digestPoints(points: readonly RecoveryPointSummary[]): PointsDigest {
  const good = points.filter(isGood);
  const proven = good.filter(({ provenAt }) => provenAt !== undefined);
  const newestGood = latest(good, ({ startedAt }) => startedAt);
  const newestProven = latest(proven, ({ startedAt }) => startedAt);
  const lastProofAt = latest(points, ({ provenAt }) => provenAt)?.provenAt;
  const lastProven = latest(proven, ({ provenAt }) => provenAt);
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
    ...(lastProven && { lastProof: proofOf(lastProven) }),
  };
}

function proofOf({ id, provenAt = '', provenBy }: RecoveryPointSummary): NonNullable<PointsDigest['lastProof']> {
  return { id, at: provenAt, ...(provenBy !== undefined && { by: provenBy }) };
}

/**
 * What is newest, with these points as they are now; the numbers stay those of the list that was digested. Undefined: what
 * was newest no longer counts, and only a list of all says what is.
 */
export function updatedBy(before: PointsDigest, points: readonly RecoveryPointSummary[]): PointsDigest | undefined {
  const now = new Map(points.map((point) => [point.id, point]));
  const asIs = (point: RecoveryPointSummary | undefined) => (point ? [now.get(point.id) ?? point] : []);
  const [good, proven] = [asIs(before.newestGood), asIs(before.newestProven)];
  if (![...good, ...proven].every(isGood)) return undefined;
  const {
    newestGood,
    newestProven,
    lastProofAt,
    lastProof = before.lastProof,
  } = digestPoints([...good, ...proven, ...points]);
  const proofs = [lastProofAt, before.lastProofAt].filter((at) => at !== undefined).toSorted();
  const newestProof = proofs.at(-1);
  return {
    ...before,
    ...(newestGood && { newestGood }),
    ...(newestProven && { newestProven }),
    ...(newestProof !== undefined && { lastProofAt: newestProof }),
    ...(lastProof && { lastProof: latest([lastProof, before.lastProof], (one) => one?.at) ?? lastProof }),
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
