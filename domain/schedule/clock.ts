import type { Calendar, Recurrence } from './recurrence.ts';
import { clockChanges, firstYear, offsetAt, type ClockChange } from './time-zone.ts';

// When the clock goes back an hour, 02:30 occurs twice; when it goes forward, it does not occur. What Temporal makes of
// that was measured (test/workflows/schedule-times.test.ts): in Zurich it starts 30 1 * * * twice in the one night,
// leaves an hour out of 30 * * * * and two out of */15 * * * *; in New York it starts 30 1 * * * twice, too; and in the
// other night it leaves out 30 2 * * * everywhere.
//
// So a schedule that such a night can affect gets its own clock: that of its time zone, but changed a little later in
// that night, in the first hour in which nothing is due. Then each time named by the schedule occurs
// exactly once, at its first occurrence on the wall clock. When something is due in every hour, each real
// hour counts.

/** The clock of a schedule: offsets from UTC, in seconds. */
export interface ScheduleClock {
  /** Until the first change. */
  offset: number;
  changes: readonly ClockChange[];
}

const hourSeconds = 3600;
const daySeconds = 86_400;

/** Undefined: the zone's own clock is right. */
export function ownClock(timeZone: string, { calendars }: Recurrence): ScheduleClock | undefined {
  const zone = zoneClock(timeZone);
  if (calendars.length === 0 || zone.changes.length === 0) return undefined;
  const hours = new Set(calendars.flatMap((calendar) => calendar.hours));
  const asItIs = later(zone, hours);
  if (asItIs?.changes.every(({ at }, index) => at === zone.changes[index]?.at)) return undefined;
  // Temporal repeats the wrong hour where the offset afterwards is that of Greenwich or east of it. Where the day does
  // not matter, shifting by a day gives the same clock, west of Greenwich.
  const own = calendars.every(isEveryDay) && zone.changes.some(isEastern) ? later(dayLess(zone), hours) : asItIs;
  // No hour has room for a change, or Temporal does not know the shift: this clock never changes.
  return own ?? { offset: Math.min(...zone.changes.map(({ after }) => after)), changes: [] };
}

/** Undefined: one of its changes has no room. */
function later({ offset, changes }: ScheduleClock, hours: ReadonlySet<number>): ScheduleClock | undefined {
  const moved = changes.map((change) => laterChange(change, hours));
  return moved.every((change) => change !== undefined) ? { offset, changes: moved } : undefined;
}

const isEveryDay = ({ daysOfMonth, months, daysOfWeek }: Calendar) =>
  daysOfMonth.length === 31 && months.length === 12 && daysOfWeek.length === 7;

/** A backward change at which Temporal, looking for the next time, mistakes the hour before for the repeated one. */
const isEastern = ({ before, after }: ClockChange) => after < before && after >= 0;

function dayLess({ offset, changes }: ScheduleClock): ScheduleClock {
  return {
    offset: offset - daySeconds,
    changes: changes.map(({ at, before, after }) => ({ at, before: before - daySeconds, after: after - daySeconds })),
  };
}

/** The first moment, from the zone's own change on, at which no skipped or repeated hour is in `hours`. */
function laterChange(change: ClockChange, hours: ReadonlySet<number>): ClockChange | undefined {
  const { at, before, after } = change;
  const shift = after - before;
  const wall = Math.ceil((at + before) / hourSeconds) * hourSeconds;
  for (let later = 0; later < 24; later++) {
    const set = wall + later * hourSeconds;
    const [low, high] = shift > 0 ? [set, set + shift] : [set + shift - (isEastern(change) ? hourSeconds : 0), set];
    if (!anyHourIn(low, high, hours)) return { at: set - before, before, after };
  }
  // Every hour, whatever it is called: Temporal can do that for full hours west of Greenwich.
  const canDo = hours.size === 24 && Math.abs(shift) === hourSeconds && !isEastern(change);
  return canDo ? { at: wall - before, before, after } : undefined;
}

function anyHourIn(low: number, high: number, hours: ReadonlySet<number>): boolean {
  for (let second = Math.floor(low / hourSeconds) * hourSeconds; second < high; second += hourSeconds)
    if (hours.has((((second / hourSeconds) % 24) + 24) % 24)) return true;
  return false;
}

/** The zone's own clock. */
export function zoneClock(timeZone: string): ScheduleClock {
  const changes = clockChanges(timeZone);
  return { offset: changes[0]?.before ?? offsetAt(timeZone, firstYear), changes };
}

/** The offset in force at a time (seconds since 1970). */
export function clockOffsetAt({ offset, changes }: ScheduleClock, at: number): number {
  let inForce = offset;
  for (const change of changes) {
    if (change.at > at) break;
    inForce = change.after;
  }
  return inForce;
}

/**
 * The clock as a file of the time zone database (RFC 8536, version 2), in base64: Temporal accepts it beside the
 * zone's name.
 */
export function encodeClock({ offset, changes }: ScheduleClock): string {
  const offsets = [...new Set([offset, ...changes.map(({ after }) => after)])];
  const name = 'own\0';
  const bytes: number[] = [];
  const put = (value: bigint, size: number) => {
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) bytes.push(Number((value >> BigInt(shift)) & 0xffn));
  };
  const header = (times: number, kinds: number) => {
    bytes.push(...characters('TZif2'), ...Array.from({ length: 15 }, () => 0));
    for (const count of [0, 0, 0, times, kinds, name.length]) put(BigInt(count), 4);
  };
  const kind = (seconds: number) => {
    put(BigInt.asUintN(32, BigInt(seconds)), 4);
    bytes.push(0, 0);
  };
  // The 32-bit part holds only the initial offset.
  header(0, 1);
  kind(offset);
  bytes.push(...characters(name));
  header(changes.length, offsets.length);
  for (const { at } of changes) put(BigInt(at), 8);
  for (const { after } of changes) bytes.push(offsets.indexOf(after));
  for (const seconds of offsets) kind(seconds);
  bytes.push(...characters(name), ...characters('\n\n'));
  return btoa(String.fromCharCode(...bytes));
}

const characters = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
