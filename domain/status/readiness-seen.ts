import { without } from '../without.ts';
import type { Readiness } from '../readiness/readiness.ts';

/** What people are shown of an evaluation. */
export type ReadinessSeen = Omit<Readiness, 'version' | 'platform' | 'misses' | 'told' | 'untold'>;

export const readinessSeen = (readiness: Readiness): ReadinessSeen =>
  without(readiness, 'version', 'platform', 'misses', 'told', 'untold');
