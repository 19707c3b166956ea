import { clockOffsetAt, zoneClock, type ScheduleClock } from './clock.ts';
import type { Calendar, Recurrence } from './recurrence.ts';

export interface Clocked {
  recurrence: Recurrence;
  timeZone: string;
  /** Absent: the zone's own. */
  clock?: ScheduleClock;
}

/** The times (ISO 8601, UTC) from `from` on, before `to`, at which something starts, without jitter; at most `limit`. */
export function timesBetween(schedule: Clocked, from: string, to: string, limit: number): string[] {
  const last = Math.ceil(Date.parse(to) / 1000);
  const times: string[] = [];
  for (let at = Math.ceil(Date.parse(from) / 1000); at < last && times.length < limit; at++) {
    const next = nextTime(schedule, at, last);
    if (next === undefined) break;
    times.push(`${new Date(next * 1000).toISOString().slice(0, 19)}Z`);
    at = next;
  }
  return times;
}

/** The first start at or after `from` and before `to`: seconds since 1970. */
function nextTime({ recurrence, timeZone, clock }: Clocked, from: number, to: number): number | undefined {
  const candidates = [
    ...recurrence.intervals.map(
      ({ everySeconds, offsetSeconds }) =>
        Math.ceil((from - offsetSeconds) / everySeconds) * everySeconds + offsetSeconds,
    ),
    ...recurrence.calendars.map((calendar) => nextOf(calendar, clock ?? zoneClock(timeZone), from, to)),
  ].filter((at) => at < to);
  return candidates.length === 0 ? undefined : Math.min(...candidates);
}

/** Clocks change at full quarters of an hour; no step crosses one, so none crosses a change. */
const quarterSeconds = 900;

function nextOf(calendar: Calendar, clock: ScheduleClock, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const wall = at + clockOffsetAt(clock, at);
    const date = new Date(wall * 1000);
    const within = (unit: number) => Math.min(unit - (wall % unit), quarterSeconds - (at % quarterSeconds));
    if (
      !calendar.months.includes(date.getUTCMonth() + 1) ||
      !calendar.daysOfMonth.includes(date.getUTCDate()) ||
      !calendar.daysOfWeek.includes(date.getUTCDay()) ||
      !calendar.hours.includes(date.getUTCHours())
    )
      at += within(3600);
    else if (!calendar.minutes.includes(date.getUTCMinutes())) at += within(60);
    else if (!calendar.seconds.includes(date.getUTCSeconds())) at += 1;
    else return at;
  }
  return Number.POSITIVE_INFINITY;
}
