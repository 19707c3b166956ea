import type { Action, StepArguments, StepOutcome } from '../../domain/plans/steps.ts';

/** One action to be carried out. */
export interface Work<A extends Action> {
  id: string;
  action: A;
  arguments: StepArguments[A];
  title: string;
  /** It puts something back, and is tried for longer. */
  undoes?: true;
}

/** Carries out one action. Where it runs (an activity, a child workflow) is the executor's affair. */
export type Execute = <A extends Action>(step: Work<A>) => Promise<StepOutcome>;
