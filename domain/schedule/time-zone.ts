// The clock of a time zone, from the time zone database of the runtime (Intl).

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, made);
  return made;
}

/**
 * True for a name of the IANA database in its exact spelling: Temporal looks it up literally, whereas
 * Intl accepts `europe/zurich`.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*)*$/.test(name)) return false;
  try {
    const { timeZone } = formatOf(name).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** Seconds to add to UTC at that time (seconds since 1970). */
export function offsetAt(timeZone: string, at: number): number {
  const part = formatOf(timeZone)
    .formatToParts(at * 1000)
    .find(({ type }) => type === 'timeZoneName');
  const [, sign, hours, minutes, seconds] = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(part?.value ?? '') ?? [];
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}

/** A moment (seconds since 1970) at which the offset changes, with the offsets before and after. */
export interface ClockChange {
  at: number;
  before: number;
  after: number;
}

/** The years considered: a fixed span, so that the same file always yields the same schedule. */
export const firstYear = Date.UTC(2025, 0, 1) / 1000;
const until = Date.UTC(2051, 0, 1) / 1000;
/** Shorter than any two changes are apart (Morocco's, around Ramadan, are 4 weeks or more). */
const stride = 7 * 86_400;

const changes = new Map<string, ClockChange[]>();

/** All offset changes of a zone from 2025 to 2050. */
export function clockChanges(timeZone: string): readonly ClockChange[] {
  const known = changes.get(timeZone);
  if (known) return known;
  const found: ClockChange[] = [];
  let before = offsetAt(timeZone, firstYear);
  for (let at = firstYear; at < until; at += stride) {
    const after = offsetAt(timeZone, at + stride);
    if (after !== before) found.push({ at: firstWith(timeZone, at, at + stride, before), before, after });
    before = after;
  }
  changes.set(timeZone, found);
  return found;
}

/** The first second after `low` whose offset is no longer `before`. */
function firstWith(timeZone: string, low: number, high: number, before: number): number {
  let [same, other] = [low, high];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(timeZone, middle) === before) same = middle;
    else other = middle;
  }
  return other;
}
