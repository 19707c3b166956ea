import { listed } from '../listed.ts';
import type { IndexName } from '../platform.ts';
import { byAge, familyOf, memberOf } from './families.ts';
import { fitsPattern } from './index-patterns.ts';
import type { DocumentCount } from './recovery-point.ts';

/** By index pattern: by how many percent an index that fits it may shrink from one backup to the next. `*` is there. */
export type MayShrink = Readonly<Record<string, number>>;

/** What a recovery point holds of an index. */
export interface HeldIndex {
  name: IndexName;
  /** Absent: not known. */
  documents?: DocumentCount;
}

/** A few documents come and go in any small index. An index that loses its last one is a finding all the same. */
const fewDocuments = 10;

/**
 * What a backup holds less than the one before, a sentence each; none: all is as it should be. Said only when it is sure:
 * the most that there may be now is compared with the least that there was. An index whose name carries a date or a
 * counter may go when it is among the oldest of its kind.
 */
export function shrinkage(before: readonly HeldIndex[], now: readonly HeldIndex[], mayShrink: MayShrink): string[] {
  const some = before.filter(({ name }) => limitOf(name, mayShrink) < 100);
  if (some.length > 0 && now.length === 0) return [`nothing is left of ${words(before)}`];
  const families = grouped(some);
  const present = grouped(now);
  return [...families].flatMap(([family, members]) => {
    const limit = limitOf(members[0]?.name ?? '', mayShrink);
    const [only] = members;
    const there = present.get(family) ?? [];
    if (only && familyOf(only.name) === undefined)
      return there[0] ? shrunk(only, there[0], limit) : [`${only.name} is gone${held([only])}`];
    return familyShrunk(family, members, there, limit);
  });
}

/** Indices that are there to stay are families of one. */
function grouped(indices: readonly HeldIndex[]): Map<string, HeldIndex[]> {
  const groups = new Map<string, HeldIndex[]>();
  for (const index of indices) {
    const family = familyOf(index.name) ?? index.name;
    groups.set(family, [...(groups.get(family) ?? []), index]);
  }
  return groups;
}

function familyShrunk(
  family: string,
  before: readonly HeldIndex[],
  now: readonly HeldIndex[],
  limit: number,
): string[] {
  if (now.length === 0) return [`none of the ${before.length} indices ${family} is left${held(before)}`];
  const present = new Map(now.map((index) => [memberOf(index.name), index]));
  const stayed = before.filter(({ name }) => present.has(memberOf(name)));
  const gone = before.filter(({ name }) => !present.has(memberOf(name)));
  // All of them replaced by new ones, as a nightly rebuild does: then the new ones must hold as much.
  if (stayed.length === 0) return shrunk(sum(family, before), sum(family, now), limit);
  const less = stayed.flatMap((index) => shrunk(index, present.get(memberOf(index.name)) ?? index, limit));
  const [oldest] = stayed.map(({ name }) => memberOf(name)).toSorted(byAge);
  const holes = gone.filter(({ name }) => byAge(memberOf(name), oldest ?? '') > 0);
  if (holes.length > 0)
    return [...less, `${listed(holes.map(({ name }) => name))} gone, though older ones are there${held(holes)}`];
  const came = now.length - stayed.length;
  if (gone.length > Math.max(stayed.length, came))
    return [...less, `${gone.length} of the ${before.length} indices ${family} are gone${held(gone)}`];
  return less;
}

function shrunk(before: HeldIndex, now: HeldIndex, limit: number): string[] {
  const [least, most] = [before.documents?.atLeast, now.documents?.atMost];
  if (least === undefined || most === undefined || most >= least) return [];
  const lost = least - most;
  if (lost * 100 <= least * limit || (lost <= fewDocuments && most > 0)) return [];
  return [
    `${before.name} has ${now.documents?.atMost} documents, down from ${least}; ${limit} % less would be accepted`,
  ];
}

/** Not known when one of them is not. */
function sum(name: string, indices: readonly HeldIndex[]): HeldIndex {
  const counts = indices.map(({ documents }) => documents);
  if (counts.includes(undefined)) return { name };
  const total = (bound: keyof DocumentCount) => counts.reduce((all, count) => all + (count?.[bound] ?? 0), 0);
  return { name, documents: { atLeast: total('atLeast'), atMost: total('atMost') } };
}

/** The most exact pattern counts: the longest one. */
function limitOf(name: IndexName, mayShrink: MayShrink): number {
  const fitting = Object.keys(mayShrink).filter((pattern) => fitsPattern(name, pattern));
  const [closest] = fitting.toSorted((a, b) => b.length - a.length);
  return closest === undefined ? 0 : (mayShrink[closest] ?? 0);
}

function held(indices: readonly HeldIndex[]): string {
  const least = sum('', indices).documents?.atLeast;
  return least === undefined ? '' : ` (${least} documents)`;
}

const words = (indices: readonly HeldIndex[]) => `${indices.length} indices${held(indices)}`;
