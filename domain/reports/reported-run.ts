import { forecastError, type RunOutcome } from '../runs/outcome.ts';
import { deviationsOf } from './deviations.ts';
import { compareObjectives, type Comparison } from './objectives.ts';
import { provenBy } from './proven-times.ts';
import type { RunReport } from './run-report.ts';

/** A run whose report is in the bundle. */
export interface ReportedRun {
  run: string;
  kind: RunOutcome['kind'];
  finishedAt: string;
  /** `pass`, or how it ended. */
  verdict: string;
  recoveryPoint?: string;
  /** From its start to its end. */
  tookSeconds: number;
  /** Of these, waiting for people; absent: none. */
  waitedSeconds?: number;
  objectives: Comparison[];
  /** By how many percent of what the recovery took its forecast was wrong; absent: none was made, or it was not over. */
  forecastErrorPercent?: number;
  /** When it proved its recovery point; absent: it did not. */
  provenAt?: string;
  /** Of a drill that restored a part: how many indices; absent: all. */
  indicesOfPart?: number;
  /** How many its report lists; absent: it could not be read. */
  deviations?: number;
  /** Its report could not be read: why. */
  missing?: string;
}

export function reportedRun(outcome: RunOutcome, report: RunReport | string | undefined): ReportedRun {
  const { run, kind, finishedAt, phase, recoveryPoint, durationSeconds, waitedSeconds, recovery } = outcome;
  const known = {
    run,
    kind,
    finishedAt,
    tookSeconds: durationSeconds,
    ...(waitedSeconds !== undefined && { waitedSeconds }),
    ...(recoveryPoint !== undefined && { recoveryPoint }),
  };
  if (report === undefined || typeof report === 'string')
    return { ...known, verdict: phase, objectives: [], missing: report ?? 'there is none' };
  const provenAt = provenBy(report);
  const partial = report.rehearses && Object.values(report.rehearses).flat().length;
  return {
    ...known,
    verdict: report.verdict ?? phase,
    objectives: compareObjectives(report),
    ...(recovery && { forecastErrorPercent: forecastError(recovery) }),
    ...(provenAt !== undefined && { provenAt }),
    ...(partial !== undefined && { indicesOfPart: partial }),
    deviations: deviationsOf(report).length,
  };
}
