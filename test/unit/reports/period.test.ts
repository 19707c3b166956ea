import { gapsBetween } from '../../../domain/reports/gaps.ts';
import { summarizePeriod, type PeriodFacts } from '../../../domain/reports/period-summary.ts';
import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { periodOf } from '../../../cli/reports/period.ts';
import { at, passedRestore } from './sample.ts';

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

test('a summary counts what ended in the period, and says of each report how it fared', () => {
  const restore: RunOutcome = { ...backup(50), run: 'restore/nuvla/1', kind: 'restore', recoveryPoint: 'p' };
  const lost: RunOutcome = { ...backup(60, 'failed'), run: 'restore/nuvla/2', kind: 'restore' };
  const facts: PeriodFacts = {
    platform: 'nuvla',
    from: minutes(0),
    to: minutes(100),
    madeAt: minutes(200),
    objectives: {},
    outcomes: [backup(-10), backup(10), backup(20, 'failed'), restore, lost, backup(100)],
    reports: new Map([['restore/nuvla/1', passedRestore({ objectives: { recoveryTimeMinutes: 1 } })]]),
    points: [],
    chain: { reports: 1, faults: [], unchained: 0, heads: [] },
  };
  const summary = summarizePeriod(facts);
  expect(summary.runs).toEqual({ backup: { passed: 1, failed: 1 }, restore: { passed: 1, failed: 1 } });
  expect(summary.reports).toMatchObject([
    { run: 'restore/nuvla/1', verdict: 'pass', recoveryPoint: 'p' },
    { run: 'restore/nuvla/2', verdict: 'failed', missing: 'there is none', objectives: [] },
  ]);
  expect(summary).not.toHaveProperty('gaps');
  expect(summarizePeriod({ ...facts, objectives: { recoveryPointMinutes: 30 } }).gaps).toEqual([
    { from: minutes(39), to: minutes(100), seconds: 61 * 60 },
  ]);
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
