import type { Step, StepId } from '../steps.ts';

export function last(steps: readonly Step[]): StepId[] {
  return steps.slice(-1).map(({ id }) => id);
}

/** The steps that no other of these waits for. */
export function leaves(steps: readonly Step[]): StepId[] {
  const awaited = new Set(steps.flatMap(({ after }) => after));
  return steps.filter(({ id }) => !awaited.has(id)).map(({ id }) => id);
}
