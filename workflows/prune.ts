import type { RunProgress } from '../domain/runs/progress.ts';
import type { PruneInput, RunPolicy } from '../domain/runs/run.ts';
import { conclude } from './run/conclude.ts';
import { callOf, executor } from './run/execute.ts';
import { locate, onHost } from './run/options.ts';
import { openRun } from './run/open-run.ts';
import { stepRunner } from './run/step-runner.ts';
import { withLockOrSkipped } from './run/lock-or-skip.ts';

/** Removes the recovery points that retention lets go. When another run holds the platform it is skipped with a note. */
export async function prune(input: PruneInput): Promise<RunProgress> {
  const run = openRun('prune', input);
  let policy: RunPolicy | undefined;

  async function work(): Promise<void> {
    policy = await locate(input.platform);
    run.enter('planning');
    const { plan, checks } = await onHost(policy).preparePrune.executeWithOptions(
      { summary: 'decide what goes, plan' },
      [{ platform: input.platform }],
    );
    run.progress.checks.push(...checks);
    run.follow(plan);
    await stepRunner(plan, run, executor(policy, callOf(run))).run();
  }

  return conclude(
    run,
    () => policy,
    () => withLockOrSkipped(run, { work, otherwise: 'nothing was pruned' }),
  );
}
