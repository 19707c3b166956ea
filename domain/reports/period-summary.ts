import type { Objectives } from '../policies.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { ChainVerdict } from './chain.ts';
import { gapsBetween, gapsOfDays, type Gap } from './gaps.ts';
import { provenTimes, type ProofFacts } from './proven-times.ts';
import { reportedRun, type ReportedRun } from './reported-run.ts';
import { isChained } from './run-report.ts';

/** What an auditor asks of a period: what was backed up, when it was restored, how long that took, and what was missing. */
export interface PeriodSummary {
  format: 'rekindle-report-summary/1';
  platform: string;
  /** ISO 8601, UTC. */
  from: string;
  to: string;
  madeAt: string;
  objectives: Objectives;
  /** In how many days a point must be proven anew: as the objectives say, else as a restore demands; absent: neither does. */
  provenWithinDays?: number;
  /** Runs that ended in the period, by kind and by how they ended: `{ backup: { passed: 720, failed: 1 } }`. */
  runs: Record<string, Record<string, number>>;
  /** Those whose reports are in the bundle, oldest first. */
  reports: ReportedRun[];
  /** Recovery points that were taken in the period and are still there. */
  points: { kept: number; proven: number; bad: number; suspect: number };
  /** Times without a backup that is new enough; absent: no RPO is set. */
  gaps?: Gap[];
  /** Times without a proof, by a drill or a restore, that is new enough; absent: none is demanded. */
  proofGaps?: Gap[];
  /** The same of drills that passed, whole or in part; see `drillDays`. */
  drillGaps?: Gap[];
  chain: ChainVerdict;
}

export interface PeriodFacts extends ProofFacts {
  platform: string;
  from: string;
  to: string;
  madeAt: string;
  objectives: Objectives;
  provenWithinDays?: number | undefined;
  /** Also those before the period: what the newest backup was when it began. */
  outcomes: readonly RunOutcome[];
  chain: ChainVerdict;
}

export function summarizePeriod(facts: PeriodFacts): PeriodSummary {
  const { platform, from, to, madeAt, objectives, provenWithinDays, outcomes, reports, points, chain } = facts;
  const ended = outcomes.filter(({ finishedAt }) => isWithin(finishedAt, from, to));
  const taken = points.filter(({ startedAt }) => isWithin(startedAt, from, to));
  const rpo = objectives.recoveryPointMinutes;
  const drilledWithin = drillDays(facts);
  const drills = outcomes.filter(({ kind, phase }) => kind === 'drill' && phase === 'passed');
  return {
    format: 'rekindle-report-summary/1',
    platform,
    from,
    to,
    madeAt,
    objectives,
    ...(provenWithinDays !== undefined && { provenWithinDays }),
    runs: countByKind(ended),
    reports: ended.filter(isChained).map((outcome) => reportedRun(outcome, reports.get(outcome.run))),
    points: {
      kept: taken.length,
      proven: taken.filter(({ provenAt }) => provenAt !== undefined).length,
      bad: taken.filter(({ bad }) => bad).length,
      suspect: taken.filter(({ suspect }) => suspect !== undefined).length,
    },
    ...(rpo !== undefined && { gaps: gapsBetween(outcomes, from, to, rpo) }),
    ...(provenWithinDays !== undefined && {
      proofGaps: gapsOfDays(provenTimes({ outcomes, reports, points }), from, to, provenWithinDays),
    }),
    ...(drilledWithin !== undefined && {
      drillGaps: gapsOfDays(
        drills.map(({ finishedAt }) => finishedAt),
        from,
        to,
        drilledWithin,
      ),
    }),
    chain,
  };
}

/** In how many days a drill must pass: as the objectives say, else as proofs are demanded. */
export function drillDays({
  objectives,
  provenWithinDays,
}: Pick<PeriodSummary, 'objectives'> & { provenWithinDays?: number | undefined }): number | undefined {
  return objectives.drilledWithinDays ?? provenWithinDays;
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
