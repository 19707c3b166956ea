import { inOrder } from '../domain/plans/plan.ts';
import type { Step, StepId } from '../domain/plans/steps.ts';

/** What each step of a plan waits for. */
export interface Waits {
  /** Without the waits that follow from others: only these are drawn. */
  direct: ReadonlyMap<StepId, readonly StepId[]>;
  /** All that must be done before, near and far. */
  all: ReadonlyMap<StepId, ReadonlySet<StepId>>;
}

/** The transitive reduction of a plan's graph. Throws when steps wait for each other. */
export function waitsOf(steps: readonly Step[]): Waits {
  const all = new Map<StepId, Set<StepId>>();
  const direct = new Map<StepId, StepId[]>();
  for (const { id, after } of inOrder(steps)) {
    const named = [...new Set(after)];
    const far = new Set(named.flatMap((before) => [...(all.get(before) ?? [])]));
    direct.set(
      id,
      named.filter((before) => !far.has(before)),
    );
    all.set(id, new Set([...named, ...far]));
  }
  return { direct, all };
}
