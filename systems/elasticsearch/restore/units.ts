import type { IndexName } from '../../../domain/platform.ts';

/** By the data stream's name, the indices that back it. */
export type Streams = Record<string, readonly IndexName[]>;

export interface Units {
  indices: IndexName[];
  streams: string[];
}

/**
 * What to restore so that these indices come back: a data stream comes back as a whole, since backing indices that are
 * restored by their own names are plain indices.
 */
export function unitsOf(indices: readonly IndexName[], streams: Streams): Units {
  const wanted = new Set(indices);
  const affected = Object.entries(streams).filter(([, backing]) => backing.some((index) => wanted.has(index)));
  const backing = new Set(affected.flatMap(([, names]) => names));
  return {
    indices: indices.filter((index) => !backing.has(index)),
    streams: affected.map(([stream]) => stream).toSorted(),
  };
}
