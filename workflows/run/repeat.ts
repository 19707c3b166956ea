import { isCancellation } from '@temporalio/workflow';
import type { Plan } from '../../domain/plans/plan.ts';
import type { Step } from '../../domain/plans/steps.ts';
import { earlierSteps, madeBy, stepsToRepeat, type GoneSince } from '../../domain/runs/repeat.ts';
import { onHost } from './activity-options.ts';
import type { Run } from './open-run.ts';

const nothing: GoneSince = { steps: [], data: false };

/** The steps from which a retry of `step` goes on. An engine that does not answer keeps nobody from deciding. */
export async function goesOnFrom(plan: Plan, { policy, progress }: Run, step: Step): Promise<Step[]> {
  const skipped = new Set(progress.steps.filter(({ status }) => status === 'skipped').map(({ id }) => id));
  const earlier = earlierSteps(plan, step).filter(({ id }) => !skipped.has(id));
  const made = madeBy(plan, earlier);
  if (policy === undefined || made.services.length === 0) return [];
  const options = { summary: 'see what of the earlier steps is gone', retry: { maximumAttempts: 2 } };
  const gone = await onHost(policy)
    .findGone.executeWithOptions(options, [made])
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return nothing;
    });
  return stepsToRepeat(earlier, gone);
}
