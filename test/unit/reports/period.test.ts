import { gapsBetween } from '../../../domain/reports/gaps.ts';
import { summarizePeriod, type PeriodFacts } from '../../../domain/reports/period-summary.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { summaryHtml } from '../../../drawing/report/summary-html.ts';
import { periodOf } from '../../../cli/reports/period.ts';
import { at, passedRestore } from './sample.ts';
import { passedDrill } from './sample-drill.ts';

const minutes = (count: number) => at(count * 60);
const backup = (end: number, phase: RunOutcome['phase'] = 'passed'): RunOutcome => ({
  run: `backup/nuvla/${end}`,
  kind: 'backup',
  phase,
  finishedAt: minutes(end),
  durationSeconds: 60,
});

describe('times without a backup that is new enough', () => {
  const gaps = (backups: RunOutcome[], from = 0, to = 300) =>
    gapsBetween(backups, minutes(from), minutes(to), 60).map((gap) => [gap.from, gap.to]);

  test('backups in time leave none', () => {
    expect(gaps([0, 55, 110, 165, 220, 275].map((end) => backup(end)))).toEqual([]);
  });

  test('one that failed does not count: the gap begins an RPO after the start of the last good one, and ends with the next', () => {
    expect(gaps([backup(0), backup(55), backup(110, 'failed'), backup(165), backup(220), backup(275)])).toEqual([
      [minutes(114), minutes(165)],
    ]);
  });

  test('a period that begins in a gap, and one that ends in one', () => {
    expect(gaps([backup(-100), backup(30)], 0, 120)).toEqual([
      [minutes(0), minutes(30)],
      [minutes(89), minutes(120)],
    ]);
  });

  test('without any backup, the period counts from its beginning', () => {
    expect(gaps([], 0, 100)).toEqual([[minutes(60), minutes(100)]]);
  });
});

const facts = (changed: Partial<PeriodFacts>): PeriodFacts => ({
  platform: 'nuvla',
  from: minutes(0),
  to: minutes(100),
  madeAt: minutes(200),
  objectives: {},
  outcomes: [],
  reports: new Map(),
  points: [],
  chain: { reports: 1, faults: [], unchained: 0, heads: [] },
  ...changed,
});

test('a summary counts what ended in the period, and says of each report how it fared', () => {
  const restore: RunOutcome = { ...backup(50), run: 'restore/nuvla/1', kind: 'restore', recoveryPoint: 'p' };
  const lost: RunOutcome = { ...backup(60, 'failed'), run: 'restore/nuvla/2', kind: 'restore' };
  const known = facts({
    outcomes: [backup(-10), backup(10), backup(20, 'failed'), restore, lost, backup(100)],
    reports: new Map([['restore/nuvla/1', passedRestore({ objectives: { recoveryTimeMinutes: 1 } })]]),
  });
  const summary = summarizePeriod(known);
  expect(summary.runs).toEqual({ backup: { passed: 1, failed: 1 }, restore: { passed: 1, failed: 1 } });
  expect(summary.reports).toMatchObject([
    { run: 'restore/nuvla/1', verdict: 'pass', recoveryPoint: 'p' },
    { run: 'restore/nuvla/2', verdict: 'failed', missing: 'there is none', objectives: [] },
  ]);
  expect(summary).not.toHaveProperty('gaps');
  expect(summarizePeriod({ ...known, objectives: { recoveryPointMinutes: 30 } }).gaps).toEqual([
    { from: minutes(39), to: minutes(100), seconds: 61 * 60 },
  ]);
});

const days = (count: number) => minutes(count * 1440);

test('drills: how long they took, their recovery time and the error of its forecast', () => {
  const drill: RunOutcome = {
    run: 'drill/nuvla/1',
    kind: 'drill',
    phase: 'passed',
    finishedAt: minutes(50),
    durationSeconds: 42,
    recovery: { forecastSeconds: 25, tookSeconds: 29 },
    recoveryPoint: 'p',
  };
  const part = { ...drill, run: 'drill/nuvla/2', recovery: undefined };
  const summary = summarizePeriod(
    facts({
      outcomes: [drill, part],
      reports: new Map([
        [drill.run, passedDrill()],
        [part.run, passedDrill({ rehearses: { documents: ['a', 'b'] }, provenAt: undefined })],
      ]),
    }),
  );
  expect(summary.reports).toMatchObject([
    { run: drill.run, tookSeconds: 42, forecastErrorPercent: 14, provenAt: at(41), deviations: 2 },
    { run: part.run, tookSeconds: 42, indicesOfPart: 2, deviations: 3 },
  ]);
  expect(summary.reports[1]).not.toHaveProperty('provenAt');
  const page = summaryHtml(summary, (run) => run);
  const text = page.replaceAll(/<td[^>]*>/g, '|');
  expect(text).toContain('|42.0 s</td>|29.0 s</td>|14 %</td>|yes</td>|2</td>');
  expect(text).toContain('|p, 2 indices of it</td>');
});

describe('times without a proof, and without a drill, that is new enough', () => {
  const drill = (day: number, phase: RunOutcome['phase'] = 'passed'): RunOutcome => ({
    run: `drill/nuvla/${day}`,
    kind: 'drill',
    phase,
    finishedAt: days(day),
    durationSeconds: 60,
  });
  const restore = (day: number): RunOutcome => ({ ...drill(day), run: `restore/nuvla/${day}`, kind: 'restore' });
  const gaps = (outcomes: RunOutcome[], reports: [string, RunReport | string][], more: Partial<PeriodFacts> = {}) => {
    const known = { outcomes, reports: new Map(reports), from: days(0), to: days(30), provenWithinDays: 7, ...more };
    const { proofGaps, drillGaps } = summarizePeriod(facts(known));
    const list = (found: typeof proofGaps) => found?.map(({ from, to }) => [from, to]);
    return { proofs: list(proofGaps), drills: list(drillGaps) };
  };
  const proven = (day: number) => ({ provenAt: days(day), finishedAt: days(day) });

  test('a restore proves as a drill does; drills alone count as drills', () => {
    const runs = [drill(-3), restore(3), drill(9), drill(15), drill(22), drill(29)];
    const reports = runs.map(({ run }): [string, RunReport] => {
      const day = Number(run.split('/')[2]);
      return [run, run.startsWith('drill') ? passedDrill(proven(day)) : passedRestore(proven(day))];
    });
    expect(gaps(runs, reports)).toEqual({ proofs: [], drills: [[days(4), days(9)]] });
  });

  test('what failed counts for neither; a drill of a part is a drill, and no proof', () => {
    const runs = [drill(1), drill(8, 'failed'), drill(14), drill(20), drill(26)];
    const part = passedDrill({ rehearses: { documents: ['a'] }, provenAt: undefined });
    const reports: [string, RunReport | string][] = [
      ['drill/nuvla/1', passedDrill(proven(1))],
      ['drill/nuvla/8', 'there is none'],
      ['drill/nuvla/14', passedDrill(proven(14))],
      ['drill/nuvla/20', part],
      ['drill/nuvla/26', part],
    ];
    expect(gaps(runs, reports)).toEqual({
      proofs: [
        [days(8), days(14)],
        [days(21), days(30)],
      ],
      drills: [[days(8), days(14)]],
    });
  });

  test('reports of earlier versions do not say that they proved: what passed did', () => {
    const old = (report: RunReport, day: number): RunReport => {
      const { provenAt: _, ...rest } = report;
      return { ...rest, finishedAt: days(day) };
    };
    const runs = [restore(6), drill(12), drill(18), drill(24)];
    const reports: [string, RunReport][] = [
      ['restore/nuvla/6', old(passedRestore(), 6)],
      ...[12, 18, 24].map((day): [string, RunReport] => [`drill/nuvla/${day}`, old(passedDrill(), day)]),
    ];
    expect(gaps(runs, reports).proofs).toEqual([]);
  });

  test('without any, the period counts from its beginning; with no days set, nothing is judged', () => {
    expect(gaps([], [])).toEqual({ proofs: [[days(7), days(30)]], drills: [[days(7), days(30)]] });
    expect(gaps([], [], { provenWithinDays: undefined })).toEqual({ proofs: undefined, drills: undefined });
    const objectives = { drilledWithinDays: 14 };
    expect(gaps([], [], { objectives })).toEqual({ proofs: [[days(7), days(30)]], drills: [[days(14), days(30)]] });
    const page = summaryHtml(summarizePeriod(facts({})), (run) => run);
    expect(page).toContain('No RPO is set');
    expect(page).toContain('No days are set within which a recovery point must be proven');
  });
});

test('a period is days or times in UTC, its end after its beginning', () => {
  const now = Date.parse('2026-11-21T00:00:00Z');
  expect(periodOf('2026-01-01', '2026-02-01T12:30:00Z', now)).toEqual({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-02-01T12:30:00.000Z',
  });
  expect(periodOf(undefined, undefined, now)).toEqual({
    from: '2025-11-21T00:00:00.000Z',
    to: '2026-11-21T00:00:00.000Z',
  });
  expect(() => periodOf('90', undefined, now)).toThrow('--from "90" is neither a day nor a time in UTC');
  expect(() => periodOf('2026-13-01', undefined, now)).toThrow('neither a day nor a time');
  expect(() => periodOf('2026-02-01', '2026-02-01', now)).toThrow('does not lie before');
});
