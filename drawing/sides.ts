import type { Plan } from '../domain/plans/plan.ts';
import type { StepId } from '../domain/plans/steps.ts';
import type { Waits } from './waits.ts';

/**
 * Where a step stands to the point of no return. `before`: done by the time anything is moved. `after`: moves data, or
 * waits for a step that does. `either`: nothing in the plan says which comes first.
 */
export type Side = 'before' | 'after' | 'either';

/** By step; undefined: the plan has no point of no return. The first step that moves data passes it, whichever it is. */
export function sidesOf(
  { steps, pointOfNoReturn }: Pick<Plan, 'steps' | 'pointOfNoReturn'>,
  { all }: Waits,
): ReadonlyMap<StepId, Side> | undefined {
  if (pointOfNoReturn === undefined) return undefined;
  const moves = new Set([pointOfNoReturn, ...steps.filter(({ destructive }) => destructive).map(({ id }) => id)]);
  const waitsForMove = (id: StepId) => [...(all.get(id) ?? [])].some((before) => moves.has(before));
  const first = [...moves].filter((id) => !waitsForMove(id));
  const isBeforeAll = (id: StepId) => first.every((move) => all.get(move)?.has(id));
  const sideOf = (id: StepId) => {
    if (moves.has(id) || waitsForMove(id)) return 'after';
    return isBeforeAll(id) ? 'before' : 'either';
  };
  return new Map(steps.map(({ id }) => [id, sideOf(id)]));
}
