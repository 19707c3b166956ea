import type { Objectives } from '../policies.ts';
import type { RecoveryPointSummary } from '../recovery-points/recovery-point.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { ChainVerdict } from './chain.ts';
import { gapsBetween, type Gap } from './gaps.ts';
import { compareObjectives, type Comparison } from './objectives.ts';
import { isChained, type RunReport } from './run-report.ts';

/** What an auditor asks of a period: what was backed up, when it was restored, how long that took, and what was missing. */
export interface PeriodSummary {
  format: 'rekindle-report-summary/1';
  platform: string;
  /** ISO 8601, UTC. */
  from: string;
  to: string;
  madeAt: string;
  objectives: Objectives;
  /** Runs that ended in the period, by kind and by how they ended: `{ backup: { passed: 720, failed: 1 } }`. */
  runs: Record<string, Record<string, number>>;
  /** Those whose reports are in the bundle, oldest first. */
  reports: ReportedRun[];
  /** Recovery points that were taken in the period and are still there. */
  points: { kept: number; proven: number; bad: number; suspect: number };
  /** Times without a backup that is new enough; absent: no RPO is set. */
  gaps?: Gap[];
  chain: ChainVerdict;
}

export interface ReportedRun {
  run: string;
  kind: RunOutcome['kind'];
  finishedAt: string;
  /** `pass`, or how it ended. */
  verdict: string;
  recoveryPoint?: string;
  objectives: Comparison[];
  /** Its report could not be read: why. */
  missing?: string;
}

export interface PeriodFacts {
  platform: string;
  from: string;
  to: string;
  madeAt: string;
  objectives: Objectives;
  /** Also those before the period: what the newest backup was when it began. */
  outcomes: readonly RunOutcome[];
  /** By run; a reason in words where there is none to be read. */
  reports: ReadonlyMap<string, RunReport | string>;
  points: readonly RecoveryPointSummary[];
  chain: ChainVerdict;
}

export function summarizePeriod(facts: PeriodFacts): PeriodSummary {
  const { platform, from, to, madeAt, objectives, outcomes, reports, points, chain } = facts;
  const ended = outcomes.filter(({ finishedAt }) => isWithin(finishedAt, from, to));
  const taken = points.filter(({ startedAt }) => isWithin(startedAt, from, to));
  const rpo = objectives.recoveryPointMinutes;
  return {
    format: 'rekindle-report-summary/1',
    platform,
    from,
    to,
    madeAt,
    objectives,
    runs: countByKind(ended),
    reports: ended.filter(isChained).map((outcome) => reported(outcome, reports.get(outcome.run))),
    points: {
      kept: taken.length,
      proven: taken.filter(({ provenAt }) => provenAt !== undefined).length,
      bad: taken.filter(({ bad }) => bad).length,
      suspect: taken.filter(({ suspect }) => suspect !== undefined).length,
    },
    ...(rpo !== undefined && { gaps: gapsBetween(outcomes, from, to, rpo) }),
    chain,
  };
}

/** Times are compared as times: a fraction of a second may be written or not. */
export function isWithin(time: string, from: string, to: string): boolean {
  return Date.parse(time) >= Date.parse(from) && Date.parse(time) < Date.parse(to);
}

function countByKind(outcomes: readonly RunOutcome[]): PeriodSummary['runs'] {
  const counts: PeriodSummary['runs'] = {};
  for (const { kind, phase } of outcomes) {
    const ofKind = (counts[kind] ??= {});
    ofKind[phase] = (ofKind[phase] ?? 0) + 1;
  }
  return counts;
}

function reported(outcome: RunOutcome, report: RunReport | string | undefined): ReportedRun {
  const { run, kind, finishedAt, phase, recoveryPoint } = outcome;
  const known = { run, kind, finishedAt, ...(recoveryPoint !== undefined && { recoveryPoint }) };
  if (report === undefined || typeof report === 'string')
    return { ...known, verdict: phase, objectives: [], missing: report ?? 'there is none' };
  return { ...known, verdict: report.verdict ?? phase, objectives: compareObjectives(report) };
}
