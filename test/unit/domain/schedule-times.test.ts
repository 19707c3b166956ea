import fc from 'fast-check';
import { encodeClock, ownClock } from '../../../domain/schedule/clock.ts';
import { parseCron } from '../../../domain/schedule/cron.ts';
import { clockChanges, isTimeZone, offsetAt } from '../../../domain/schedule/time-zone.ts';
import { timesBetween } from '../../../domain/schedule/times.ts';
import { expecting } from '../../expecting.ts';

// cspell:ignore zuerich

function times(cron: string, timeZone: string, from: string, to: string): string[] {
  const recurrence = parseCron(cron);
  return timesBetween({ recurrence, timeZone, clock: ownClock(timeZone, recurrence) }, from, to, 100_000);
}

/** The night in which Zurich's clock goes back from 03:00 to 02:00, at 01:00 UTC; the other one, forward. */
const back = ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'] as const;
const forward = ['2027-03-27T12:00:00Z', '2027-03-28T12:00:00Z'] as const;
const zurich = 'Europe/Zurich';
const clockTimes = (found: string[]) => found.map((time) => time.slice(11, 16));

describe('the night in which the clock changes', () => {
  test('02:30 comes once when it comes twice (the first), and once when it does not come (an hour later)', () => {
    expect(times('30 2 * * *', zurich, ...back)).toEqual(['2026-10-25T00:30:00Z']);
    expect(times('30 2 * * *', zurich, ...forward)).toEqual(['2027-03-28T01:30:00Z']);
  });

  test('hourly is each real hour', () => {
    expect(times('30 * * * *', zurich, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toHaveLength(25);
    expect(times('30 * * * *', zurich, '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z')).toHaveLength(23);
  });

  test('hour after hour, but not all day: as often as in any other night, without a gap', () => {
    const quarters = ['00', '15', '30', '45'];
    const of = (...hours: string[]) => hours.flatMap((hour) => quarters.map((minute) => `${hour}:${minute}`));
    expect(clockTimes(times('*/15 1-3 * * *', zurich, ...back))).toEqual([...of('23'), ...of('00', '01')]);
    expect(clockTimes(times('*/15 1-3 * * *', zurich, ...forward))).toEqual(of('00', '01', '02'));
  });

  test('every other hour: twelve in a day of 25 hours and in one of 23', () => {
    expect(times('0 */2 * * *', zurich, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toHaveLength(12);
    expect(times('0 */2 * * *', zurich, '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z')).toHaveLength(12);
  });

  test('times that the change does not touch are where they are on the wall', () => {
    expect(clockTimes(times('30 1,4 * * *', zurich, ...back))).toEqual(['23:30', '03:30']);
    expect(clockTimes(times('30 1,4 * * *', zurich, ...forward))).toEqual(['00:30', '02:30']);
  });

  test('a clock of its own is needed only where Temporal would go wrong by that of the zone', () => {
    const needed = (cron: string, timeZone: string) => ownClock(timeZone, parseCron(cron)) !== undefined;
    expect(needed('30 2 * * *', zurich)).toBe(true);
    expect(needed('30 3 * * *', zurich)).toBe(false);
    expect(needed('30 * * * *', zurich)).toBe(true);
    expect(needed('30 * * * *', 'America/New_York')).toBe(false);
    expect(needed('30 2 * * mon-fri', zurich)).toBe(true);
    expect(needed('30 2 * * *', 'UTC')).toBe(false);
    expect(needed('30 2 * * *', 'Asia/Tokyo')).toBe(false);
    expect(needed('30 0 * * *', 'Africa/Cairo')).toBe(true);
    expect(needed('@every 15m', zurich)).toBe(false);
  });

  test('the same file asks for the same clock, in the format of the time zone database', () => {
    const clock = ownClock(zurich, parseCron('30 2 * * *'))!;
    const data = Buffer.from(encodeClock(clock), 'base64');
    expect(data.subarray(0, 5).toString()).toBe('TZif2');
    expect(data.length).toBeLessThan(1000);
    expect(encodeClock(clock)).toBe(encodeClock(ownClock(zurich, parseCron('15 2 * * *'))!));
  });
});

const zones = [
  zurich,
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Atlantic/Azores',
  'Australia/Adelaide',
  'America/St_Johns',
  'Asia/Kolkata',
  'UTC',
];
/** Clocks that are set by half an hour, and by two. */
const oddZones = ['Australia/Lord_Howe', 'Antarctica/Troll'];
/** Six days around a change of the clock, from noon to noon on the wall; without changes any six do. */
function windowsOf(timeZone: string): [string, string][] {
  const at = clockChanges(timeZone).filter(({ at }) => at > Date.UTC(2026, 6) / 1000 && at < Date.UTC(2028, 0) / 1000);
  const middles = at.length === 0 ? [Date.UTC(2027, 2, 28) / 1000] : at.map((change) => change.at);
  const noon = (day: number) => {
    const wall = Math.floor(day / 86_400) * 86_400 + 43_200;
    return isoTime(wall - offsetAt(timeZone, wall));
  };
  return middles.map((middle) => [noon(middle - 3 * 86_400), noon(middle + 3 * 86_400)]);
}
const isoTime = (at: number) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
const windowIn = (...given: string[]) =>
  fc.constantFrom(...given.flatMap((timeZone) => windowsOf(timeZone).map((window) => ({ timeZone, window }))));

/** The simplest that can be: each day's times on the wall, in order, turned into moments one by one. */
function simulated(hours: number[], minutes: number[], timeZone: string, [from, to]: [string, string]): string[] {
  const moments: number[] = [];
  const firstDay = Date.parse(from.slice(0, 10)) / 1000 - 86_400;
  for (let day = firstDay; day < Date.parse(to) / 1000 + 86_400; day += 86_400)
    for (const hour of hours)
      for (const minute of minutes) {
        const wall = day + hour * 3600 + minute * 60;
        // Twice: the first. Never: what it would have been had the clock not been set.
        const offsets = [wall - 86_400, wall + 86_400].map((near) => offsetAt(timeZone, near));
        const fitting = offsets.map((offset) => wall - offset).filter((at) => at + offsetAt(timeZone, at) === wall);
        moments.push(fitting.length > 0 ? Math.min(...fitting) : wall - offsets[0]!);
      }
  return moments
    .toSorted((a, b) => a - b)
    .map(isoTime)
    .filter((time) => time >= from && time < to);
}

const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
const someHours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 23 }).map(sorted);
const someMinutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 3 }).map(sorted);
const apart = (hours: number[]) => hours.every((hour) => !hours.includes((hour + 1) % 24));
const gaps = (found: string[]) => found.slice(1).map((time, index) => Date.parse(time) - Date.parse(found[index]!));

test('in any zone, hours that stand alone come when a simple simulation says', () => {
  fc.assert(
    fc.property(windowIn(...zones), someHours, someMinutes, ({ timeZone, window }, given, minutes) => {
      const hours = given.filter((hour) => hour % 2 === given[0]! % 2);
      fc.pre(apart(hours));
      const cron = `${minutes.join(',')} ${hours.join(',')} * * *`;
      expect(times(cron, timeZone, ...window)).toEqual(simulated(hours, minutes, timeZone, window));
    }),
    { numRuns: 100 },
  );
});

test('in any zone, any hours come as often as they are named: none twice, none left out, no long gap', () => {
  fc.assert(
    fc.property(
      windowIn(...zones, 'Pacific/Chatham'),
      someHours,
      someMinutes,
      ({ timeZone, window }, hours, minutes) => {
        const cron = `${minutes.join(',')} ${hours.join(',')} * * *`;
        const found = times(cron, timeZone, ...window);
        expect(found).toHaveLength(6 * hours.length * minutes.length);
        const usual = gaps(times(cron, 'UTC', '2027-01-01T00:00:00Z', '2027-01-04T00:00:00Z'));
        expect(Math.max(...gaps(found))).toBeLessThanOrEqual(Math.max(...usual) + 3_600_000);
      },
    ),
    { numRuns: 100 },
  );
});

test('a clock that is set by half an hour or by two: the same, or it is not set at all', () => {
  fc.assert(
    fc.property(windowIn(...oddZones), someHours, someMinutes, ({ timeZone, window }, hours, minutes) => {
      const cron = `${minutes.join(',')} ${hours.join(',')} * * *`;
      const found = times(cron, timeZone, ...window);
      // Not set: the window, which is one of the zone's wall, is up to two hours longer or shorter than six days.
      expect(Math.abs(found.length - 6 * hours.length * minutes.length)).toBeLessThanOrEqual(2 * minutes.length);
      const usual = gaps(times(cron, 'UTC', '2027-01-01T00:00:00Z', '2027-01-04T00:00:00Z'));
      expect(Math.max(...gaps(found))).toBeLessThanOrEqual(Math.max(...usual) + 7_200_000);
    }),
    { numRuns: 60 },
  );
});

test('every hour, in any zone with full hours: whenever the minute is on the wall', () => {
  fc.assert(
    fc.property(windowIn(...zones), someMinutes, ({ timeZone, window: [from, to] }, minutes) => {
      const wanted: string[] = [];
      for (let at = Date.parse(from) / 1000; at < Date.parse(to) / 1000; at += 60)
        if (minutes.includes(((at + offsetAt(timeZone, at)) / 60) % 60)) wanted.push(isoTime(at));
      expect(times(`${minutes.join(',')} * * * *`, timeZone, from, to)).toEqual(wanted);
    }),
    { numRuns: 12 },
  );
});

test('names of time zones', () => {
  for (const name of [
    ...zones,
    ...oddZones,
    'Pacific/Chatham',
    'Etc/GMT+1',
    'EST5EDT',
    'GB-Eire',
    'Europe/Kyiv',
    'America/Port_of_Spain',
  ])
    expecting(isTimeZone(name), name).toBe(true);
  for (const name of [
    'Europe/Zuerich',
    'europe/zurich',
    'EUROPE/ZURICH',
    'asia/kolkata',
    'Local',
    '+01:00',
    '',
    'Mars/Olympus',
  ])
    expecting(isTimeZone(name), name).toBe(false);
});
