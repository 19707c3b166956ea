import type { Check } from '../../domain/checks.ts';
import { checkOfFailure } from '../observation.ts';
import { checkPatterns } from '../validate/patterns.ts';
import type { StoreSeen } from './observe-store.ts';

/**
 * Whether the platform file's patterns mean what is there, or what the recovery point holds: what nobody backs up would be
 * lost with this restore. undefined: only the living cluster could tell.
 */
export function checkIndices({ store, expected, elasticsearch }: StoreSeen): Check | undefined {
  if (!('seen' in elasticsearch)) return undefined;
  const { patterns } = elasticsearch.seen;
  if ('failure' in patterns) return checkOfFailure(`indices ${store.name}`, patterns.failure);
  if (!('seen' in patterns)) return undefined;
  const { matches, present } = patterns.seen;
  return checkPatterns(store, matches, { present, held: expected.indices.map(({ name }) => name) });
}
