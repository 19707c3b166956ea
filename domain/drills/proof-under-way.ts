import { isGood, type RecoveryPointId, type RecoveryPointSummary } from '../recovery-points/recovery-point.ts';
import type { RunProgress } from '../runs/progress.ts';
import { keyOf } from './share.ts';

/** A drill that passed, of all of its recovery point or of a part. */
export type PassedDrill = Pick<RunProgress, 'startedAt' | 'recoveryPoint' | 'rehearses'>;

/** When anything was proven last; drills of parts before that began no proof that is still wanted. */
export function lastProofAt(points: readonly RecoveryPointSummary[]): string | undefined {
  return points
    .flatMap(({ provenAt }) => provenAt ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
}

/**
 * The recovery point that drills have begun to prove by parts, and not finished: of the good ones that have had a drill
 * since anything was proven last, the one of which most indices were restored, or the newest of equals. A person's drill of
 * one index thus does not end the proof of another point that is half done. Undefined: the next drill begins anew.
 */
export function proofUnderWay(
  points: readonly RecoveryPointSummary[],
  drills: readonly PassedDrill[],
): RecoveryPointSummary | undefined {
  const since = Date.parse(lastProofAt(points) ?? '1970-01-01T00:00:00Z');
  const recent = drills.filter(({ startedAt, rehearses }) => rehearses && Date.parse(startedAt) > since);
  return points
    .filter((point) => isGood(point) && point.provenAt === undefined)
    .map((point) => ({ point, done: restoredOf(point.id, recent).size }))
    .filter(({ done }) => done > 0)
    .toSorted((a, b) => b.done - a.done || Date.parse(b.point.startedAt) - Date.parse(a.point.startedAt))
    .at(0)?.point;
}

/** What drills have restored of one recovery point, by `keyOf`. */
export function restoredOf(point: RecoveryPointId, drills: readonly PassedDrill[]): ReadonlySet<string> {
  const restored = new Set<string>();
  for (const { recoveryPoint, rehearses = {} } of drills)
    if (recoveryPoint?.id === point)
      for (const [store, names] of Object.entries(rehearses))
        for (const name of names) restored.add(keyOf(store, name));
  return restored;
}
