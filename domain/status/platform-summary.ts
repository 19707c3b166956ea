import type { PlatformName } from '../platform.ts';
import { ageSeconds } from '../recovery-points/points-digest.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../recovery-points/recovery-point.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { Coverage } from '../scrub/coverage.ts';
import type { ReadinessSeen } from './readiness-seen.ts';
import {
  healthOf,
  type Health,
  type PlatformSeen,
  type RunUnderWay,
  type Seen,
  type WorkerPresence,
} from './status.ts';

export interface PointBrief {
  id: RecoveryPointId;
  startedAt: string;
  ageSeconds: number;
}

/** One platform in a list of all: on the page, in the API, in `rekindle status`. */
export interface PlatformSummary extends Health {
  platform: PlatformName;
  newestGood?: PointBrief;
  newestProven?: PointBrief;
  /** The good ones; absent: the catalogue cannot be read, or what is older than some days has not been read yet. */
  recoveryPoints?: number;
  suspectPoints?: number;
  recoveryPointObjectiveSeconds?: number;
  recoveryTimeObjectiveSeconds?: number;
  /** How old the newest drill that passed may be. */
  drillObjectiveSeconds?: number;
  /** The newest run of any kind but a quarantine that ended. */
  lastRun?: RunOutcome;
  /** The newest restore that ended. */
  lastRestore?: RunOutcome;
  /** The newest drill that passed. */
  lastDrill?: RunOutcome;
  /** The newest restore or drill whose forecast can be compared with what it took. */
  lastMeasured?: RunOutcome;
  /** Whether it could be restored now, as it was evaluated last; absent: it never was, or Temporal does not answer. */
  readiness?: ReadinessSeen;
  /** How much scrubs have read of each store's repository; absent: none has run yet, or the catalogue cannot be read. */
  scrubbed?: Coverage[];
  /** ISO 8601, UTC; absent: none is scheduled, it is paused, or Temporal does not answer. */
  nextBackupAt?: string;
  runs: Seen<RunUnderWay[]>;
  /** While it is absent nothing begins or goes on, however good the backups are. */
  worker: WorkerPresence;
  /** Those of the workers at work, when they differ: an upgrade is under way. */
  workerVersions?: string[];
}

/** Whether nothing needs attention: good backups, and somebody who takes the next. */
export const isWell = ({ state, worker }: Pick<PlatformSummary, 'state' | 'worker'>): boolean =>
  state === 'good' && worker !== 'absent';

/** `now` in milliseconds. */
export function summaryOf(seen: PlatformSeen, now: number): PlatformSummary {
  const { platform, file, catalogue, temporal, worker } = seen;
  const wants = 'value' in file ? file.value : undefined;
  const known = 'value' in catalogue ? catalogue.value : undefined;
  const schedules = 'value' in temporal ? temporal.value.schedules : [];
  return withoutAbsent({
    platform,
    ...healthOf(seen, now),
    newestGood: briefOf(known?.points.newestGood, now),
    newestProven: briefOf(known?.points.newestProven, now),
    recoveryPoints: known?.partial ? undefined : known?.points.good,
    suspectPoints: known?.partial ? undefined : known?.points.suspect,
    scrubbed: known?.scrubbed,
    recoveryPointObjectiveSeconds: wants?.objectiveSeconds,
    recoveryTimeObjectiveSeconds: wants?.recoveryTimeSeconds,
    drillObjectiveSeconds: wants?.drilledSeconds,
    lastRun: known?.lastRun,
    lastRestore: known?.lastRestore,
    lastDrill: known?.lastDrill,
    lastMeasured: known?.lastMeasured,
    nextBackupAt: schedules.find(({ name, paused }) => name === 'backup' && !paused)?.nextAt,
    runs: 'value' in temporal ? { value: temporal.value.runs } : temporal,
    worker,
    workerVersions: differing('value' in temporal ? temporal.value.workerVersions : undefined),
  });
}

function briefOf(point: RecoveryPointSummary | undefined, now: number): PointBrief | undefined {
  return point && { id: point.id, startedAt: point.startedAt, ageSeconds: ageSeconds(point, now) };
}

const differing = (versions: string[] = []) => (versions.length > 1 ? versions : undefined);

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
