import type { IndexName } from '../platform.ts';

// Indices whose names carry a date or a counter come and go by themselves: one a day, one a rollover.

/** A year with what follows of the date, a version (each has indices of its own), a counter of six digits or more. */
const token = /(?<!\d)(?:(?:19|20)\d\d(?:[-._]?w?\d{1,2})*|\d+\.\d+\.\d+|\d{6,})(?!\d)/g;

/** Elasticsearch's own copies of an index that stand in its place later in its life. */
const copied = /^(?:shrink-[\w-]{4}-|downsample-[a-z0-9]+-|restored-|partial-)/;

/** `logs-2026.11.27` → `logs-#`; undefined: the name carries neither, so the index is there to stay. */
export function familyOf(name: IndexName): string | undefined {
  const family = memberOf(name).replaceAll(token, '#');
  return family === memberOf(name) ? undefined : family;
}

/** The index that a copy stands for. */
export function memberOf(name: IndexName): IndexName {
  return name.replace(copied, '');
}

/** Orders the members of a family, the oldest first: by the numbers in their names. */
export function byAge(a: IndexName, b: IndexName): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const place = left.findIndex((number, index) => number !== right[index]);
  return place < 0 ? 0 : (left[place] ?? 0) - (right[place] ?? 0);
}

const numbersOf = (name: IndexName) => (name.match(/\d+/g) ?? []).map(Number);
