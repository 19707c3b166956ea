import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import type { Plan } from '../../domain/plans/plan.ts';
import type { StepArguments } from '../../domain/plans/step-arguments.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { Promotion, RunPolicy } from '../../domain/runs/run.ts';
import { promotion } from '../messages.ts';
import { awaitUnlocked, onHost } from './activity-options.ts';
import { markProven } from './mark-proven.ts';
import type { Run } from './open-run.ts';
import { callOf } from './step-executor.ts';

/**
 * What a drill does instead of the step that keeps its scene: it records it, and waits for a restore that promotes it, or until its time is
 * over. While a restore works with the scene it stays, whatever the clock says; when that gives up, it is kept as long as it would have been.
 */
export function openKeeping(run: Run) {
  let latest: Promotion | undefined;
  setHandler(promotion, (word) => {
    latest = word;
  });

  return async (policy: RunPolicy, plan: Plan, args: StepArguments['keepScene']): Promise<StepOutcome> => {
    const call = { ...callOf(run, plan), ...(plan.scene && { scene: plan.scene }), arguments: args };
    const { summary } = await onHost(policy).keepScene.executeWithOptions({ summary: 'record what is kept' }, [call]);
    const proven = { ...call, recoveryPoint: args.recoveryPoint };
    await markProven(run, policy, proven);
    const { platform, run: id } = run.progress;
    const until = Date.parse(run.now()) + args.hours * 3_600_000;
    run.enter(
      'running',
      `${summary}. Swap it in: rekindle restore ${platform} --promote ${id}; let it go: rekindle cancel ${id}`,
    );
    for (;;) {
      const left = until - Date.parse(run.now());
      if (left <= 0 || !(await condition(() => latest !== undefined, left)))
        return { summary: `kept for ${args.hours} h; no restore promoted it` };
      const { run: restore } = latest as Promotion;
      if (latest?.state === 'begun')
        // It holds the platform until it has ended, also when it is terminated and says no more.
        await CancellationScope.nonCancellable(() =>
          Promise.race([condition(() => latest?.state !== 'begun'), awaitUnlocked(platform)]),
        );
      if (latest?.state === 'swapped') return { summary: `promoted by ${restore}` };
      latest = undefined;
    }
  };
}
