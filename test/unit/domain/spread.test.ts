import fc from 'fast-check';
import { schedulesOf, spreadMembersOf } from '../../../domain/schedule/schedule.ts';
import { spreadOffset, type SpreadMember } from '../../../domain/schedule/spread.ts';
import { timesBetween } from '../../../domain/schedule/times.ts';
import { demoPlatform } from '../../demo-situation.ts';

const member = (key: string, everySeconds = 3600, repositories = ['s3:backups']): SpreadMember => ({
  key,
  everySeconds,
  repositories,
});
const many = (count: number) => Array.from({ length: count }, (_, index) => member(`shop-${index}/backup`));
const offsets = (members: SpreadMember[]) => members.map(({ key }) => spreadOffset(key, members));

test('as many as there are minutes: each has its own', () => {
  const found = offsets(many(60));
  expect(new Set(found).size).toBe(60);
  for (const offset of found) expect([offset % 60, offset >= 0 && offset < 3600]).toEqual([0, true]);
});

test('more than there are minutes: they share them evenly', () => {
  const counts = new Map<number, number>();
  for (const offset of offsets(many(150))) counts.set(offset, (counts.get(offset) ?? 0) + 1);
  expect([...counts.values()].every((count) => count === 2 || count === 3)).toBe(true);
});

test('the order of the files does not matter, nor who has nothing to do with it', () => {
  const members = many(40);
  const found = offsets(members);
  expect(members.map(({ key }) => spreadOffset(key, members.toReversed()))).toEqual(found);
  const others = members.map(({ key }) => member(`x${key}`, 3600, ['s3:other']));
  expect(members.map(({ key }) => spreadOffset(key, [...others, ...members]))).toEqual(found);
});

test('whoever shares a repository never starts at the same time, whatever the intervals', () => {
  const intervals = fc.array(fc.constantFrom(3600, 7200, 86_400), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(intervals, (seconds) => {
      // A chain: each shares a repository with the next.
      const members = seconds.map((every, at) => member(`p${at}/backup`, every, [`r${at}`, `r${at + 1}`]));
      const starts = members.flatMap(({ key, everySeconds }) => {
        const interval = { everySeconds, offsetSeconds: spreadOffset(key, members) };
        expect(interval.offsetSeconds).toBeLessThan(everySeconds);
        const schedule = { recurrence: { calendars: [], intervals: [interval] }, timeZone: 'UTC' };
        return timesBetween(schedule, '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', 1000);
      });
      expect(new Set(starts).size).toBe(starts.length);
    }),
    { numRuns: 30 },
  );
});

test('backup and prune of one platform are apart, too', () => {
  const platform = demoPlatform('shop');
  const timing = { everySeconds: 3600, offsetSeconds: 0, spread: true, timeZone: 'UTC', jitterSeconds: 0 } as const;
  const schedule = { ...timing, catchUpSeconds: 3600 };
  const retention = { hourly: 0, daily: 7, weekly: 0, monthly: 0, yearly: 0, minimumCount: 3 };
  platform.backup = { ...platform.backup, schedule, pruneSchedule: schedule, retention };
  const members = spreadMembersOf(platform, ['s3:backups']);
  const found = schedulesOf(platform, members).flatMap(({ recurrence }) => recurrence.intervals);
  expect(found).toHaveLength(2);
  expect(found[0]?.offsetSeconds).not.toBe(found[1]?.offsetSeconds);
});
