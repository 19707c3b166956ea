import type { RetentionPolicy } from '../../../domain/platform.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import { decideRetention } from '../../../domain/recovery-points/retention.ts';
import { tiers } from '../../../domain/recovery-points/retention-periods.ts';
import { now, context, point, policy } from './retention-samples.ts';

const told = (points: RecoveryPointSummary[], wanted?: RetentionPolicy, running: string[] = []) =>
  Object.fromEntries(
    decideRetention(points, wanted, { now, running: new Set(running) }).map(({ id, keep, reasons }) => [
      id,
      `${keep ? 'stays' : 'goes'}: ${reasons.join('; ')}`,
    ]),
  );

describe('why a point stays or goes', () => {
  test('the newest of each period, in UTC; periods without a point do not count', () => {
    const points = [
      point('2026-11-21T09:00:00Z'),
      point('2026-11-21T08:00:00Z'),
      point('2026-11-20T23:59:59Z'),
      point('2026-11-20T00:00:00Z'),
      point('2026-11-10T10:00:00Z'),
      point('2026-11-09T10:00:00Z'),
    ];
    expect(told(points, policy({ daily: 3 }))).toEqual({
      '2026-11-21t09:00:00z': 'stays: newest good one; newest of 2026-11-21 (daily 1 of 3)',
      '2026-11-21t08:00:00z': 'goes: no rule keeps it',
      '2026-11-20t23:59:59z': 'stays: newest of 2026-11-20 (daily 2 of 3)',
      '2026-11-20t00:00:00z': 'goes: no rule keeps it',
      '2026-11-10t10:00:00z': 'stays: newest of 2026-11-10 (daily 3 of 3)',
      '2026-11-09t10:00:00z': 'goes: no rule keeps it',
    });
  });

  test('every tier that keeps it is named', () => {
    const [, second] = decideRetention(
      [point('2026-11-21T09:00:00Z'), point('2025-12-31T10:00:00Z')],
      policy({ hourly: 2, daily: 2, weekly: 2, monthly: 2, yearly: 2 }),
      context,
    );
    expect(second?.reasons).toEqual([
      'newest of 2025-12-31T10h (hourly 2 of 2)',
      'newest of 2025-12-31 (daily 2 of 2)',
      'newest of 2026-W01 (weekly 2 of 2)',
      'newest of 2025-12 (monthly 2 of 2)',
      'newest of 2025 (yearly 2 of 2)',
    ]);
  });

  test('too old for the tiers; the minimum count stays whatever its age', () => {
    const points = ['2024-03-01', '2024-02-01', '2024-01-01', '2023-01-01'].map((day) => point(`${day}T00:00:00Z`));
    expect(told(points, policy({ yearly: 5, minimumCount: 2, maximumAgeDays: 400 }))).toEqual({
      '2024-03-01t00:00:00z': 'stays: newest good one; one of the 2 newest',
      '2024-02-01t00:00:00z': 'stays: one of the 2 newest',
      '2024-01-01t00:00:00z': 'goes: older than 400 days, no rule keeps it',
      '2023-01-01t00:00:00z': 'goes: older than 400 days, though newest of 2023 (yearly 2 of 5)',
    });
  });

  test('without tiers the age alone decides', () => {
    const points = [point('2026-11-21T09:00:00Z'), point('2026-11-20T09:00:00Z'), point('2026-11-01T09:00:00Z')];
    expect(told(points, policy({ maximumAgeDays: 7 }))).toEqual({
      '2026-11-21t09:00:00z': 'stays: newest good one; not older than 7 days, and there is no tier',
      '2026-11-20t09:00:00z': 'stays: not older than 7 days, and there is no tier',
      '2026-11-01t09:00:00z': 'goes: older than 7 days, no rule keeps it',
    });
  });

  test('pinned, newest proven and in use', () => {
    const points = [
      point('2026-11-21T09:00:00Z'),
      point('2026-11-20T09:00:00Z', { provenAt: now }),
      point('2026-11-19T09:00:00Z', { provenAt: now }),
      point('2026-11-18T09:00:00Z', { pinned: true, pinnedBy: ['person/anna', 'restore/nuvla/1'] }),
      point('2026-11-17T09:00:00Z'),
    ];
    expect(told(points, policy({ daily: 1, maximumAgeDays: 1 }), ['2026-11-17t09:00:00z'])).toEqual({
      '2026-11-21t09:00:00z': 'stays: newest good one; newest of 2026-11-21 (daily 1 of 1)',
      '2026-11-20t09:00:00z': 'stays: newest proven',
      '2026-11-19t09:00:00z': 'goes: older than 1 day, no rule keeps it',
      '2026-11-18t09:00:00z': 'stays: pinned by person/anna, restore/nuvla/1; older than 1 day, no rule keeps it',
      '2026-11-17t09:00:00z': 'stays: a run works with it; older than 1 day, no rule keeps it',
    });
  });

  test('drills that prove a point by parts are not robbed of it, until it is too old', () => {
    const points = [point('2026-11-21T09:00:00Z'), point('2026-11-12T09:00:00Z'), point('2026-11-11T09:00:00Z')];
    const stays = (maximumAgeDays: number) =>
      decideRetention(points, policy({ daily: 1, maximumAgeDays }), { ...context, rehearsed: '2026-11-12t09:00:00z' })
        .filter(({ keep }) => keep)
        .map(({ id, reasons }) => `${id}: ${reasons.join('; ')}`);
    const newest = '2026-11-21t09:00:00z: newest good one; newest of 2026-11-21 (daily 1 of 1)';
    expect(stays(30)).toEqual([newest, '2026-11-12t09:00:00z: drills are about to prove it']);
    expect(stays(7)).toEqual([newest]);
  });

  test('a suspect one counts for nothing, and waits for a person: while no good one is newer, then for 30 days', () => {
    const points = [
      point('2026-11-21T10:00:00Z', { suspect: true }),
      point('2026-11-21T09:00:00Z'),
      point('2026-11-20T23:00:00Z', { suspect: true, provenAt: now }),
      point('2026-11-20T10:00:00Z'),
      point('2026-10-22T11:00:00Z', { suspect: true }),
      point('2026-10-01T10:00:00Z', { suspect: true, pinned: true }),
    ];
    expect(told(points, policy({ daily: 2 }))).toEqual({
      '2026-11-21t10:00:00z': 'stays: suspect, and no good one is newer',
      '2026-11-21t09:00:00z': 'stays: newest good one; newest of 2026-11-21 (daily 1 of 2)',
      '2026-11-20t23:00:00z': 'stays: suspect, kept for 30 days',
      '2026-11-20t10:00:00z': 'stays: newest of 2026-11-20 (daily 2 of 2)',
      '2026-10-22t11:00:00z': 'goes: suspect, older than 30 days, and nobody accepted it',
      '2026-10-01t10:00:00z': 'stays: pinned; suspect, older than 30 days, and nobody accepted it',
    });
    expect(told([point('2020-01-01T10:00:00Z', { suspect: true })])).toEqual({
      '2020-01-01t10:00:00z': 'stays: suspect, and there is no retention',
    });
  });

  test('a bad one goes when enough good ones are newer, and never counts as the newest of a period', () => {
    const points = [
      point('2026-11-21T10:00:00Z', { bad: true }),
      point('2026-11-21T09:00:00Z'),
      point('2026-11-20T10:00:00Z', { bad: true, provenAt: now }),
      point('2026-11-20T09:00:00Z'),
      point('2026-11-19T10:00:00Z', { bad: true }),
    ];
    expect(told(points, policy({ daily: 2, minimumCount: 2 }))).toEqual({
      '2026-11-21t10:00:00z': 'stays: bad, but only 0 good ones are newer, fewer than 2',
      '2026-11-21t09:00:00z': 'stays: newest good one; one of the 2 newest; newest of 2026-11-21 (daily 1 of 2)',
      '2026-11-20t10:00:00z': 'stays: bad, but only 1 good ones are newer, fewer than 2',
      '2026-11-20t09:00:00z': 'stays: one of the 2 newest; newest of 2026-11-20 (daily 2 of 2)',
      '2026-11-19t10:00:00z': 'goes: bad, and 2 good ones are newer',
    });
  });

  test('a deletion that was begun is finished, also without a policy; nothing else goes then', () => {
    const points = [
      point('2026-11-21T09:00:00Z'),
      point('2000-01-01T09:00:00Z'),
      point('1999-01-01T09:00:00Z', { deleting: true }),
      point('1998-01-01T09:00:00Z', { bad: true }),
    ];
    expect(told(points)).toEqual({
      '2026-11-21t09:00:00z': 'stays: newest good one; the platform file has no backup.retention',
      '2000-01-01t09:00:00z': 'stays: the platform file has no backup.retention',
      '1999-01-01t09:00:00z': 'goes: its deletion was begun',
      '1998-01-01t09:00:00z': 'stays: bad, but there is no retention',
    });
  });
});

test.each([
  ['2026-11-21T09:30:00Z', '2026-W47'],
  ['2021-01-03T23:59:59Z', '2020-W53'],
  ['2021-01-04T00:00:00Z', '2021-W01'],
  ['2024-12-30T00:00:00Z', '2025-W01'],
  ['2027-01-01T00:00:00Z', '2026-W53'],
])('%s lies in %s', (time, week) => {
  expect(tiers.weekly.periodOf(time)).toBe(week);
});
