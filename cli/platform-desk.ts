import type { PointDetails } from '../api/types.ts';
import type { Assessment } from '../domain/runs/assessment.ts';
import type { RunReport } from '../domain/reports/run-report.ts';
import type { RestoreInput } from '../domain/runs/run.ts';
import type { PlatformSummary } from '../domain/status/platform-summary.ts';
import type { ReadinessSeen } from '../domain/status/readiness-seen.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../domain/recovery-points/recovery-point.ts';

export interface ListedPoints {
  /** Newest first. */
  points: RecoveryPointSummary[];
  unfinished: RecoveryPointId[];
  halfRemoved?: RecoveryPointId[];
  warnings: string[];
}

/** What became of a word about a recovery point: one line for people, and the rest for scripts. */
export type PointAnswer = { answer: string };

/**
 * What commands ask of platforms and their catalogues: on the spot, where it needs no Temporal, or of a gateway. A point
 * may be called `latest` or `proven`. Failures of each: those of the platform file, its secrets and its catalogue.
 */
export interface PlatformDesk {
  /** Before anything is started: a fault of the platform file is bad input. */
  assertUsable(platform: string): Promise<void>;
  overview(): Promise<PlatformSummary[]>;
  /** Whether it could be restored, as the schedule evaluated it last; undefined: it never did. Failure: TemporalUnreachable. */
  readiness(platform: string): Promise<ReadinessSeen | undefined>;
  /** Preflight and plan of a restore as of now; nothing is changed. */
  assess(input: RestoreInput, wait: (text: string) => void): Promise<Omit<Assessment, 'at'>>;
  points(platform: string): Promise<ListedPoints>;
  point(platform: string, name: string): Promise<PointDetails>;
  pin(platform: string, name: string, by: string): Promise<PointAnswer>;
  unpin(platform: string, name: string, word: { all: boolean; by: string }): Promise<PointAnswer>;
  accept(platform: string, point: string, word: { by: string; reason: string }): Promise<PointAnswer>;
  /** Of a run, or of the newest of a platform. Failure: RunNotFound. */
  report(reference: string, platform?: string): Promise<RunReport>;
}
