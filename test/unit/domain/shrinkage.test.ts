import fc from 'fast-check';
import { byAge, familyOf } from '../../../domain/recovery-points/families.ts';
import { shrinkage, type HeldIndex } from '../../../domain/recovery-points/shrinkage.ts';

const limits = { '*': 20 };
const index = (name: string, atLeast: number, atMost = atLeast): HeldIndex => ({
  name,
  documents: { atLeast, atMost },
});
const uncounted = (name: string): HeldIndex => ({ name });
const day = (number: number) => `logs-2026.11.${String(number).padStart(2, '0')}`;
const days = (from: number, to: number, documents = 1000) =>
  Array.from({ length: to - from + 1 }, (_, place) => index(day(from + place), documents));

describe('the family of an index', () => {
  test.each([
    ['logs-2026.11.27', 'logs-#'],
    ['logs-2026-11-27', 'logs-#'],
    ['logs-20261127', 'logs-#'],
    ['logs_2026.w48', 'logs_#'],
    ['logs-2026.11.27-nginx', 'logs-#-nginx'],
    ['orders-000001', 'orders-#'],
    ['.ds-metrics-2026.11.27-000003', '.ds-metrics-#'],
    ['agent-8.19.0-2026.11.27-000001', 'agent-#-#'],
    ['shrink-a1b2-logs-2026.11.27', 'logs-#'],
    ['tenant-7-2026.11', 'tenant-7-#'],
  ])('%s is one of %s', (name, family) => expect(familyOf(name)).toBe(family));

  test.each(['nuvla-user', 'nuvla-v2', 'tenant-57', 'shop1', 'h2o-12345'])('%s is there to stay', (name) =>
    expect(familyOf(name)).toBeUndefined(),
  );

  test('the older first, by numbers and not by letters', () => {
    expect(['a-2026.10.1', 'a-2026.9.30', 'a-2025.12.31'].toSorted(byAge)).toEqual([
      'a-2025.12.31',
      'a-2026.9.30',
      'a-2026.10.1',
    ]);
  });
});

describe('indices that are there to stay', () => {
  test('one that is gone, one that is emptied, one that lost too much', () => {
    const before = [
      index('nuvla-user', 5),
      index('nuvla-job', 1000),
      index('nuvla-credential', 4),
      index('nuvla-x', 1),
    ];
    expect(
      shrinkage(before, [index('nuvla-job', 799), index('nuvla-credential', 0), index('nuvla-x', 1)], limits),
    ).toEqual([
      'nuvla-user is gone (5 documents)',
      'nuvla-job has 799 documents, down from 1000; 20 % less would be accepted',
      'nuvla-credential has 0 documents, down from 4; 20 % less would be accepted',
    ]);
  });

  test('within the limit, a few of a small index, and counts that are not sure', () => {
    const before = [index('a', 1000), index('b', 12), index('c', 1000), uncounted('d'), index('e', 1000)];
    const now = [index('a', 800), index('b', 2), index('c', 0, 900), index('d', 1), uncounted('e')];
    expect(shrinkage(before, now, limits)).toEqual([]);
  });

  test('a limit of its own: the longest pattern counts; 100 says that it may vanish', () => {
    const own = { '*': 20, 'nuvla-*': 0, 'nuvla-session*': 100 };
    const before = [index('nuvla-session', 500), index('nuvla-session-old', 500), index('nuvla-user', 100)];
    expect(shrinkage(before, [index('nuvla-session', 0), index('nuvla-user', 89)], own)).toEqual([
      'nuvla-user has 89 documents, down from 100; 0 % less would be accepted',
    ]);
    expect(shrinkage(before.slice(0, 2), [], own)).toEqual([]);
  });

  test('nothing at all is one finding', () => {
    expect(shrinkage([index('a', 3), index('b', 4)], [], limits)).toEqual([
      'nothing is left of 2 indices (7 documents)',
    ]);
    expect(shrinkage([], [], limits)).toEqual([]);
  });
});

describe('indices that come and go', () => {
  test('a nightly deletion of the oldest ones is none of our business', () => {
    expect(shrinkage(days(1, 30), [...days(2, 30), index(day(31), 3)], limits)).toEqual([]);
    expect(shrinkage(days(1, 2), days(2, 2), limits)).toEqual([]);
    // Once a week, seven at once; and a platform that was off for five days.
    expect(shrinkage(days(1, 14), days(8, 14), limits)).toEqual([]);
    expect(shrinkage(days(1, 7), [...days(6, 7), ...days(8, 12, 5)], limits)).toEqual([]);
  });

  test('rollovers of a data stream, shrunk on the way', () => {
    const stream = (number: number) => `.ds-m-2026.11.2${number}-00000${number}`;
    const before = [1, 2, 3].map((number) => index(stream(number), 100));
    const now = [index(`shrink-a1b2-${stream(2)}`, 100), index(stream(3), 120), index(stream(4), 0)];
    expect(shrinkage(before, now, limits)).toEqual([]);
  });

  test('all gone, most gone, one gone from the middle, one emptied', () => {
    expect(shrinkage([...days(1, 3), index('a', 1)], [index('a', 1)], limits)).toEqual([
      'none of the 3 indices logs-# is left (3000 documents)',
    ]);
    expect(shrinkage(days(1, 10), days(9, 10), limits)).toEqual([
      '8 of the 10 indices logs-# are gone (8000 documents)',
    ]);
    expect(shrinkage(days(1, 3), [...days(1, 1), ...days(3, 3)], limits)).toEqual([
      'logs-2026.11.02 gone, though older ones are there (1000 documents)',
    ]);
    expect(shrinkage(days(1, 2), [index(day(1), 1000), index(day(2), 0)], limits)).toHaveLength(1);
  });

  test('a rebuild under a new name must hold as much', () => {
    expect(shrinkage([index('shop-20261127', 500)], [index('shop-20261128', 490)], limits)).toEqual([]);
    expect(shrinkage(days(1, 30), [index(day(31), 3)], limits)).toEqual([
      'logs-# has 3 documents, down from 30000; 20 % less would be accepted',
    ]);
  });
});

describe('whatever the indices are', () => {
  const names = fc.oneof(
    fc.constantFrom('a', 'b', 'nuvla-user', 'tenant-5'),
    fc.integer({ min: 1, max: 28 }).map(day),
    fc.integer({ min: 1, max: 9 }).map((number) => `.ds-x-2026.11.01-00000${number}`),
  );
  const indices = fc
    .uniqueArray(fc.tuple(names, fc.nat(10_000)), { selector: ([name]) => name })
    .map((all) => all.map(([name, documents]) => index(name, documents)));

  test('the same, or more, is never suspect', () => {
    fc.assert(
      fc.property(indices, indices, fc.nat(1000), (before, others, more) => {
        const grown = before.map(({ name, documents }) => index(name, (documents?.atLeast ?? 0) + more));
        const added = others.filter(({ name }) => !before.some((one) => one.name === name));
        expect(shrinkage(before, [...grown, ...added], limits)).toEqual([]);
      }),
    );
  });

  test('nothing, of something, always is; so is an index there to stay that went, whatever else came', () => {
    fc.assert(
      fc.property(indices, indices, (before, others) => {
        expect(shrinkage(before, [], limits).length > 0).toBe(before.length > 0);
        const now = [...before, ...others].filter(({ name }) => name !== 'nuvla-user');
        expect(
          shrinkage([...before.filter(({ name }) => name !== 'nuvla-user'), index('nuvla-user', 1)], now, limits),
        ).toEqual(expect.arrayContaining([now.length === 0 ? expect.any(String) : 'nuvla-user is gone (1 documents)']));
      }),
    );
  });

  test('dropping the oldest few of a family is not, dropping any that has an older one is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 28 }), fc.nat(), fc.nat(), (count, some, other) => {
        const all = days(1, count);
        expect(shrinkage(all, all.slice(some % (Math.floor(count / 2) + 1)), limits)).toEqual([]);
        const hole = 1 + (other % (count - 1));
        expect(
          shrinkage(
            all,
            all.filter((_, place) => place !== hole),
            limits,
          ),
        ).toHaveLength(1);
      }),
    );
  });
});
