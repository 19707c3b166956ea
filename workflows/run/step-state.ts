import type { Step } from '../../domain/plans/steps.ts';
import type { StepState } from '../../domain/runs/progress.ts';
import type { Run } from './open-run.ts';

export function stateOf({ progress }: Run, { id }: Step): StepState {
  const state = progress.steps.find((one) => one.id === id);
  if (state === undefined) throw new Error(`No state for step ${id}`);
  return state;
}
