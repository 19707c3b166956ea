import { summarizePeriod, type PeriodSummary } from '../../../domain/reports/period-summary.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import { outcomeOf } from '../../../domain/runs/outcome.ts';
import { at, passedRestore } from './sample.ts';
import { passedDrill } from './sample-drill.ts';

/** Letters that look like a SHA-256. */
const digest = (seed: number) =>
  Array.from({ length: 64 }, (_, index) => ((seed * (index + 7) * 31 + index * index) % 16).toString(16)).join('');

/** A fortnight with a restore that missed its RPO, a drill that proved its point, and one that failed. */
export function samplePeriod(): { restore: RunReport; drill: RunReport; summary: PeriodSummary } {
  const before = { link: digest(3), run: 'restore/nuvla/2026-11-14T09:30:00Z', report: digest(4) };
  const drill = passedDrill({ chain: { report: digest(1), link: digest(2), previous: [before] } });
  const restore = passedRestore({
    run: before.run,
    chain: { report: before.report, link: before.link, previous: [] },
    objectives: { recoveryPointMinutes: 5, recoveryTimeMinutes: 15 },
    decisions: [{ step: 'stop', choice: 'retry', by: 'bob', at: at(11) }],
    ...(drill.sources && { sources: drill.sources }),
  });
  const { provenAt: _, ...failed } = passedDrill({
    run: 'drill/nuvla/2026-11-21T10:30:00Z',
    phase: 'failed',
    verdict: 'fail',
    rehearses: { documents: ['nuvla-job', 'nuvla-user'] },
  });
  const runs: RunReport[] = [restore, drill, failed];
  const summary = summarizePeriod({
    platform: 'nuvla',
    from: at(-14 * 86_400),
    to: at(86_400),
    madeAt: at(90_000),
    objectives: { recoveryPointMinutes: 60, recoveryTimeMinutes: 15, provenWithinDays: 7 },
    provenWithinDays: 7,
    outcomes: runs.map(outcomeOf).filter((outcome) => outcome !== undefined),
    reports: new Map(runs.map((run) => [run.run, run])),
    points: [],
    chain: {
      reports: 3,
      faults: [`the report of ${restore.run} was changed after it was written`],
      unchained: 1,
      heads: [digest(2)],
    },
  });
  return { restore, drill, summary };
}
