import type { UnhashedPlan } from '../../../domain/plans/plan.ts';
import { planRestore, type RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import type { Action, Step } from '../../../domain/plans/steps.ts';
import { demoSituation } from '../../demo-situation.ts';

export const planOf = (change: Partial<RestoreSituation> = {}) => planRestore(demoSituation(change));
export const ids = ({ steps }: UnhashedPlan) => steps.map(({ id }) => id);
export const withAction = <A extends Action>({ steps }: UnhashedPlan, action: A) =>
  steps.filter((step): step is Extract<Step, { action: A }> => step.action === action);

export function stepOf<A extends Action>(plan: UnhashedPlan, action: A, id: string): Extract<Step, { action: A }> {
  const step = withAction(plan, action).find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id} among ${ids(plan).join(', ')}`);
  return step;
}

/** All that must be done before the step starts, near and far. */
export function waitsFor(plan: UnhashedPlan, id: string, seen = new Set<string>()): Set<string> {
  for (const before of plan.steps.find((step) => step.id === id)?.after ?? [])
    if (!seen.has(before)) waitsFor(plan, before, seen.add(before));
  return seen;
}
export const before = (plan: UnhashedPlan, first: string, second: string) => waitsFor(plan, second).has(first);
