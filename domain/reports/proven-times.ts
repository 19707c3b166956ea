import type { RecoveryPointSummary } from '../recovery-points/recovery-point.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { RunReport } from './run-report.ts';

/** What tells of proofs. */
export interface ProofFacts {
  outcomes: readonly Pick<RunOutcome, 'run'>[];
  /** By run; a reason in words where there is none to be read. Also those before the period that may have proven a point. */
  reports: ReadonlyMap<string, RunReport | string>;
  points: readonly RecoveryPointSummary[];
}

/**
 * When any recovery point was proven, by a drill or a restore. ISO 8601, UTC. Of points that were removed since, the reports
 * of the runs that proved them say so; of runs without a report, points that are still there.
 */
export function provenTimes({ outcomes, reports, points }: ProofFacts): string[] {
  const ofRuns = outcomes.flatMap(({ run }) => {
    const report = reports.get(run);
    return report === undefined || typeof report === 'string' ? [] : (provenBy(report) ?? []);
  });
  return [...ofRuns, ...points.flatMap(({ provenAt }) => provenAt ?? [])];
}

/** When a run proved its recovery point; undefined: it did not. Reports of earlier versions do not say so themselves. */
export function provenBy({
  kind,
  verdict,
  provenAt,
  recoveryPoint,
  rehearses,
  format,
  deviations,
  finishedAt,
}: RunReport) {
  if (provenAt !== undefined) return provenAt;
  const tells = format !== undefined && deviations !== undefined;
  if (tells || recoveryPoint === undefined || verdict !== 'pass') return undefined;
  return kind === 'restore' || (kind === 'drill' && rehearses === undefined) ? finishedAt : undefined;
}
