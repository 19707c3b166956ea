import type { RunProgress } from '../domain/runs/progress.ts';
import type { RebuildInput } from '../domain/runs/run.ts';
import { onHost } from './run/activity-options.ts';
import { conclude } from './run/conclude.ts';
import { openRun } from './run/open-run.ts';
import { busy, takeLock } from './run/platform-lock.ts';
import { callOf, executor } from './run/step-executor.ts';
import { stepRunner } from './run/step-runner.ts';

/** Rebuilds the derived stores of a platform from their sources, under the platform's lock. */
export async function rebuild(input: RebuildInput): Promise<RunProgress> {
  const run = openRun('rebuild', input);
  return conclude(run, async (policy) => {
    await takeLock(run, (holder) => {
      throw busy(input.platform, holder);
    });
    run.enter('planning');
    const plan = await onHost(policy).prepareRebuild.executeWithOptions({ summary: 'plan the rebuild' }, [input]);
    run.follow(plan);
    await stepRunner(plan, run, executor(run, policy, callOf(run, plan))).run();
  });
}
