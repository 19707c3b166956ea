import type { Recurrence } from './recurrence.ts';
import { clockChanges, firstYear, offsetAt, type ClockChange } from './time-zone.ts';

// When the clock goes back an hour, 02:30 comes twice; when it goes forward, it does not come. Temporal goes by the
// clock: a schedule at 02:30 would start twice, or not at all. So a schedule with hours of its own gets a clock of its
// own: that of its time zone, which is set a little later in that night, as soon as it stands at an hour in which
// nothing is due. Then each time that the schedule names comes exactly once, and none later than the zone's own.

/** The clock that a schedule goes by: offsets from UTC, in seconds. */
export interface ScheduleClock {
  /** Until the first change. */
  offset: number;
  changes: readonly ClockChange[];
}

const hourSeconds = 3600;

/** Undefined: the zone's own clock does. */
export function ownClock(timeZone: string, { calendars }: Recurrence): ScheduleClock | undefined {
  const zone = clockChanges(timeZone);
  if (calendars.length === 0 || zone.length === 0) return undefined;
  const hours = new Set(calendars.flatMap((calendar) => calendar.hours));
  const changes = zone.flatMap((change) => laterChange(change, hours));
  if (changes.length === zone.length && changes.every(({ at }, index) => at === zone[index]?.at)) return undefined;
  return { offset: zone[0]?.before ?? 0, changes: connected(changes, zone[0]?.before ?? 0) };
}

/** The first moment from the zone's own change on at which no hour that is skipped or repeated is one of `hours`. */
function laterChange({ at, before, after }: ClockChange, hours: ReadonlySet<number>): ClockChange[] {
  const shift = after - before;
  const wall = Math.ceil((at + before) / hourSeconds) * hourSeconds;
  for (let later = 0; later < 24; later++) {
    const set = wall + later * hourSeconds;
    const [low, high] = shift > 0 ? [set, set + shift] : [set + shift, set];
    if (!anyHourIn(low, high, hours)) return [{ at: set - before, before, after }];
  }
  // Something is due in every hour: it goes on hour after hour, whatever they are called. Temporal knows only shifts of
  // an hour; at any other (Lord Howe's half an hour) this clock is not set at all.
  return Math.abs(shift) === hourSeconds ? [{ at: wall - before, before, after }] : [];
}

function anyHourIn(low: number, high: number, hours: ReadonlySet<number>): boolean {
  for (let second = Math.floor(low / hourSeconds) * hourSeconds; second < high; second += hourSeconds)
    if (hours.has((((second / hourSeconds) % 24) + 24) % 24)) return true;
  return false;
}

/** Where a change was left out, the next one begins with the offset that is still in force. */
function connected(changes: readonly ClockChange[], first: number): ClockChange[] {
  let before = first;
  return changes.flatMap((change) => {
    if (change.after === before) return [];
    const next = { ...change, before };
    before = change.after;
    return [next];
  });
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
 * The clock as a file of the time zone database (RFC 8536, version 2), in base64: so Temporal takes it beside the
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
  // The part for readers of 32 bits says only the offset at the beginning.
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

const characters = (text: string) => [...text].map((character) => character.charCodeAt(0));
