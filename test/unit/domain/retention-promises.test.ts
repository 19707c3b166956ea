import fc from 'fast-check';
import type { RetentionPolicy } from '../../../domain/platform.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import { decideRetention } from '../../../domain/recovery-points/retention.ts';
import { tierNames, tiers } from '../../../domain/recovery-points/retention-periods.ts';
import { now, dayMs, context, point, policy } from './retention-samples.ts';

const aPoint = fc
  .record({
    minutesAgo: fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
    bad: fc.boolean(),
    suspect: fc.boolean(),
    pinned: fc.boolean(),
    deleting: fc.boolean(),
    proven: fc.boolean(),
  })
  .map(({ minutesAgo, proven, bad, suspect, pinned, deleting }) =>
    point(new Date(Date.parse(now) - minutesAgo * 60_000).toISOString(), {
      bad: bad && minutesAgo % 3 === 0,
      ...(suspect && minutesAgo % 7 === 0 && { suspect }),
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

const isGood = ({ bad, suspect, deleting }: RecoveryPointSummary) => !bad && !suspect && !deleting;
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
      const waitingSuspect = points.filter(({ suspect, bad, deleting }) => suspect && !bad && !deleting).length;
      const waiting = waitingBad + waitingSuspect;
      // The newest good one is among the minimum count; one more for the newest proven.
      expect(kept(points, wanted).length).toBeLessThanOrEqual(asked + wanted.minimumCount + 1 + pinned + waiting);
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
