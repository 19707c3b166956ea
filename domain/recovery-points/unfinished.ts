import { timeOfId, type ClaimKey } from './claims.ts';
import type { PlatformName } from '../platform.ts';
import type { RecoveryPointId } from './recovery-point.ts';

/** An id of the catalogue with objects but no manifest: a backup that runs, or one that died. */
export interface Unfinished {
  id: RecoveryPointId;
  claims: ClaimKey[];
  /** False: it holds objects that this version does not know. */
  known: boolean;
  /** Its removal has begun; whoever began it finishes it. */
  deleting: boolean;
}

/** `unknown`: this Temporal has no such run: another orchestrator's, or one that was lost or is long gone. */
export type RunState = 'running' | 'passed' | 'over' | 'unknown';

/** Asks what Temporal knows of a run; without `execution`, of its newest one. */
export type AskRunState = (run: string, execution?: string) => Promise<RunState>;

/** The snapshot under the id's name; undefined: there is none. */
export interface LeftSnapshot {
  running: boolean;
  /** ISO 8601, UTC; absent while it runs. */
  endedAt?: string;
  metadata: Record<string, unknown>;
}

/** On top of the longest time that a snapshot may take. */
const marginSeconds = 3600;

/**
 * Why the remains of a backup must stay for now; undefined: nobody works on them any more. `states`: of the runs that
 * its claims name, in their order; `now`: ISO 8601; `snapshotSeconds`: the longest that a snapshot may take.
 */
export function whyKept(
  { id, claims, known, deleting }: Unfinished,
  states: readonly RunState[],
  { now, snapshotSeconds }: { now: string; snapshotSeconds: number },
): string | undefined {
  if (!known) return 'it holds objects that this version of Rekindle does not know';
  if (deleting) return 'its removal was begun by a prune, which finishes it';
  if (states.includes('running')) return 'its run has not ended';
  if (states.includes('passed')) return 'its run passed, so somebody removed the manifest';
  const limit = snapshotSeconds + marginSeconds;
  const since = (time: string) => (Date.parse(now) - Date.parse(time)) / 1000;
  const lost = claims.filter((_, index) => states[index] !== 'over').map(({ at }) => at);
  const times = claims.length > 0 ? lost : [timeOfId(id)];
  if (times.some((time) => time === undefined)) return 'its name contains no time, and no run claims it';
  const youngest = Math.min(...times.map((time) => since(time ?? now)), Infinity);
  return youngest < limit
    ? `this Temporal does not know its run, which may be another's; it is kept for ${limit} s`
    : undefined;
}

/** Whether a snapshot says that Rekindle took it for this platform, in one of these runs; every other one stays. */
export function isLeftSnapshot(
  { metadata }: LeftSnapshot,
  { platform, claims }: { platform: PlatformName; claims: readonly ClaimKey[] },
): boolean {
  const { takenBy, platform: of, run, execution } = metadata;
  if (takenBy !== 'rekindle' || of !== platform || typeof run !== 'string') return false;
  // Older versions claimed nothing, and an interrupted clearing took the claims: then the snapshot alone names its run.
  if (claims.length === 0) return true;
  return claims.some((claim) => claim.run === run || claim.execution === execution);
}

/** A run that nobody knows may be another orchestrator's, about to publish: as long as its snapshot says so, it stays. */
export function mayBeUnderWay({ running, endedAt }: LeftSnapshot, states: readonly RunState[], now: string): boolean {
  if (states.length > 0 && states.every((state) => state === 'over')) return false;
  return running || (endedAt !== undefined && Date.parse(now) - Date.parse(endedAt) < 1000 * marginSeconds);
}
