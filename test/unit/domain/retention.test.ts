import fc from 'fast-check';
import type { RetentionPolicy } from '../../../domain/platform.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import { decideRetention } from '../../../domain/recovery-points/retention.ts';
import { tierNames, tiers } from '../../../domain/recovery-points/retention-periods.ts';

const now = '2026-11-21T12:00:00.000Z';
const dayMs = 86_400_000;
const context = { now, running: new Set<string>() };

function point(startedAt: string, change: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary {
  return {
    id: startedAt.toLowerCase(),
    startedAt,
    durationSeconds: 10,
    totalBytes: 1000,
    incrementalBytes: 10,
    indices: 3,
    documents: 100,
    pinned: false,
    bad: false,
    deleting: false,
    ...change,
  };
}

const policy = (change: Partial<RetentionPolicy> = {}): RetentionPolicy => ({
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
  minimumCount: 1,
  ...change,
});

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

  test('every tier that keeps it is told', () => {
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

const aPoint = fc
  .record({
    minutesAgo: fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
    bad: fc.boolean(),
    pinned: fc.boolean(),
    deleting: fc.boolean(),
    proven: fc.boolean(),
  })
  .map(({ minutesAgo, proven, bad, pinned, deleting }) =>
    point(new Date(Date.parse(now) - minutesAgo * 60_000).toISOString(), {
      bad: bad && minutesAgo % 3 === 0,
      pinned: pinned && minutesAgo % 5 === 0,
      deleting: deleting && minutesAgo % 4 === 0,
      ...(proven && { provenAt: now }),
    }),
  );
const somePoints = fc.uniqueArray(aPoint, { selector: ({ id }) => id, maxLength: 60 });
const few = fc.integer({ min: 0, max: 5 });
const aPolicy: fc.Arbitrary<RetentionPolicy> = fc.record(
  {
    hourly: few,
    daily: few,
    weekly: few,
    monthly: few,
    yearly: few,
    minimumCount: fc.integer({ min: 1, max: 5 }),
    maximumAgeDays: fc.double({ min: 0.1, max: 1000, noNaN: true }),
  },
  { requiredKeys: ['hourly', 'daily', 'weekly', 'monthly', 'yearly', 'minimumCount'] },
);

const isGood = ({ bad, deleting }: RecoveryPointSummary) => !bad && !deleting;
const newestFirst = (points: RecoveryPointSummary[]) => points.toSorted((a, b) => (a.startedAt > b.startedAt ? -1 : 1));
const kept = (points: RecoveryPointSummary[], wanted: RetentionPolicy) => {
  const stays = new Set(decideRetention(points, wanted, context).flatMap(({ id, keep }) => (keep ? [id] : [])));
  return points.filter(({ id }) => stays.has(id));
};
const holds = (property: (points: RecoveryPointSummary[], wanted: RetentionPolicy) => void) =>
  fc.assert(fc.property(somePoints, aPolicy, property), { numRuns: 500 });

describe('whatever the points and the policy', () => {
  test('each point has one verdict with a reason, newest first', () => {
    holds((points, wanted) => {
      const verdicts = decideRetention(points, wanted, context);
      expect(verdicts.map(({ id }) => id)).toEqual(newestFirst(points).map(({ id }) => id));
      expect(verdicts.every(({ reasons }) => reasons.length > 0 && reasons.every(Boolean))).toBe(true);
    });
  });

  test('the newest good one, the newest proven, the minimum count and the pinned stay', () => {
    holds((points, wanted) => {
      const stay = kept(points, wanted);
      const good = newestFirst(points).filter(isGood);
      const proven = good.find(({ provenAt }) => provenAt !== undefined);
      const pinned = points.filter((each) => each.pinned);
      for (const each of [...good.slice(0, wanted.minimumCount), ...(proven ? [proven] : []), ...pinned])
        expect(stay).toContain(each);
    });
  });

  test('one that a run works with stays', () => {
    fc.assert(
      fc.property(somePoints, aPolicy, fc.nat(), (points, wanted, index) => {
        const one = points[index % Math.max(1, points.length)];
        if (!one) return;
        const verdicts = decideRetention(points, wanted, { now, running: new Set([one.id]) });
        expect(verdicts.find(({ id }) => id === one.id)).toMatchObject({ keep: true });
      }),
    );
  });

  test('deciding again over what stays removes nothing more', () => {
    holds((points, wanted) => {
      const stay = kept(points, wanted);
      expect(kept(stay, wanted)).toEqual(stay);
    });
  });

  test('a newer point never brings back one that goes', () => {
    fc.assert(
      fc.property(somePoints, aPolicy, aPoint, (points, wanted, other) => {
        const newest = points.reduce((latest, each) => (each.startedAt > latest ? each.startedAt : latest), '');
        if (other.startedAt <= newest) return;
        const gone = points.filter((each) => !kept(points, wanted).includes(each));
        const stay = kept([...points, other], wanted);
        for (const each of gone) expect(stay).not.toContain(each);
      }),
      { numRuns: 500 },
    );
  });

  test('time that passes never brings back one that goes', () => {
    fc.assert(
      fc.property(somePoints, aPolicy, fc.integer({ min: 0, max: 500 }), (points, wanted, days) => {
        const later = new Date(Date.parse(now) + days * dayMs).toISOString();
        const gone = points.filter((each) => !kept(points, wanted).includes(each));
        const verdicts = decideRetention(points, wanted, { now: later, running: new Set() });
        for (const { id } of gone) expect(verdicts.find((each) => each.id === id)).toMatchObject({ keep: false });
      }),
    );
  });

  test('no more stays than tiers and protection ask for', () => {
    holds((points, wanted) => {
      const asked = tierNames.reduce((sum, tier) => sum + wanted[tier], 0);
      // Without any tier the age alone decides.
      if (asked === 0 && wanted.maximumAgeDays !== undefined) return;
      const pinned = points.filter((each) => each.pinned).length;
      const good = newestFirst(points).filter(isGood);
      const early = good[wanted.minimumCount - 1]?.startedAt ?? '';
      const waitingBad = points.filter(({ bad, deleting, startedAt }) => bad && !deleting && startedAt > early).length;
      // The newest good one is among the minimum count; one more for the newest proven.
      expect(kept(points, wanted).length).toBeLessThanOrEqual(asked + wanted.minimumCount + 1 + pinned + waitingBad);
    });
  });

  test('each tier keeps as many periods as there are, up to its count', () => {
    holds((points, wanted) => {
      if (wanted.maximumAgeDays !== undefined) return;
      const stay = kept(points, wanted).filter(isGood);
      for (const tier of tierNames) {
        const periods = (of: RecoveryPointSummary[]) =>
          [...new Set(of.map(({ startedAt }) => tiers[tier].periodOf(startedAt)))].toSorted().toReversed();
        const there = periods(points.filter(isGood)).slice(0, wanted[tier]);
        expect(periods(stay)).toEqual(expect.arrayContaining(there));
      }
    });
  });
});

test('10,000 points are decided far below a second', () => {
  const points = Array.from({ length: 10_000 }, (_, index) =>
    point(new Date(Date.parse(now) - index * 3_600_000).toISOString(), { pinned: index % 1000 === 0 }),
  );
  const began = performance.now();
  const verdicts = decideRetention(
    points,
    policy({ hourly: 48, daily: 14, weekly: 8, monthly: 12, yearly: 2 }),
    context,
  );
  expect(performance.now() - began).toBeLessThan(300);
  expect(verdicts).toHaveLength(10_000);
  expect(verdicts.filter(({ keep }) => keep).length).toBeLessThan(48 + 14 + 8 + 12 + 2 + 12);
});
