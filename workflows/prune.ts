import type { RunProgress } from '../domain/runs/progress.ts';
import type { PruneInput } from '../domain/runs/run.ts';
import { onHost } from './run/activity-options.ts';
import { conclude } from './run/conclude.ts';
import { openRun } from './run/open-run.ts';
import { takeLockOrSkip } from './run/platform-lock.ts';
import { callOf, executor } from './run/step-executor.ts';
import { stepRunner } from './run/step-runner.ts';

/** Removes expired recovery points. While another run holds the platform it is skipped with a note. */
export async function prune(input: PruneInput): Promise<RunProgress> {
  const run = openRun('prune', input);
  return conclude(run, async (policy) => {
    if (!(await takeLockOrSkip(run, { otherwise: 'nothing was pruned' }))) return;
    run.enter('planning');
    const { plan, checks } = await onHost(policy).preparePrune.executeWithOptions(
      { summary: 'decide which recovery points go, plan' },
      [{ platform: input.platform }],
    );
    run.progress.checks.push(...checks);
    run.follow(plan);
    await stepRunner(plan, run, executor(run, policy, callOf(run, plan))).run();
  });
}
