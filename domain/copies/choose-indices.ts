import type { IndexName } from '../platform.ts';
import { fitsPattern, isNamed } from '../recovery-points/index-patterns.ts';
import { isSystemIndex } from '../recovery-points/system-indices.ts';

export interface ChosenIndices {
  /** Sorted by name. */
  chosen: IndexName[];
  /** Elasticsearch's own, which a pattern matches and nobody has named. */
  leftOut: IndexName[];
  /** Patterns that match nothing in the snapshot. */
  unmatched: string[];
}

/** Which indices of a snapshot are meant. Patterns are resolved here and nowhere else: the plan has exact names. */
export function chooseIndices(held: readonly IndexName[], patterns: readonly string[]): ChosenIndices {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('-'));
  // Only what is to be left out was said: then all the rest is meant.
  const complete = wanted.length === 0 ? ['*', ...patterns] : patterns;
  const excluded = patterns.filter((pattern) => pattern.startsWith('-')).map((pattern) => pattern.slice(1));
  const matches = (name: IndexName) =>
    wanted.some((pattern) => fitsPattern(name, pattern)) && !excluded.some((pattern) => fitsPattern(name, pattern));
  return {
    chosen: held.filter((name) => isNamed(name, complete)).toSorted(),
    leftOut: held.filter((name) => isSystemIndex(name) && matches(name) && !wanted.includes(name)).toSorted(),
    unmatched: wanted.filter((pattern) => !held.some((name) => fitsPattern(name, pattern))),
  };
}
