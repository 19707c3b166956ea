import type { RunProgress } from '../domain/runs/progress.ts';
import type { ScrubInput } from '../domain/runs/run.ts';
import { onHost } from './run/activity-options.ts';
import { conclude } from './run/conclude.ts';
import { openRun } from './run/open-run.ts';
import { takeScrubLockOrSkip } from './run/platform-lock.ts';
import { callOf, executor } from './run/step-executor.ts';
import { stepRunner } from './run/step-runner.ts';

/**
 * Reads what recovery points refer to from the buckets, and compares it with the checksums that were kept for it. It does not
 * hold the platform: it changes nothing of it. While another one reads, it is skipped with a note.
 */
export async function scrub(input: ScrubInput): Promise<RunProgress> {
  const run = openRun('scrub', input);
  return conclude(run, async (policy) => {
    if (!(await takeScrubLockOrSkip(run))) return;
    run.enter('planning');
    const plan = await onHost(policy).prepareScrub.executeWithOptions({ summary: 'plan which repositories are read' }, [
      input,
    ]);
    run.follow(plan);
    await stepRunner(plan, run, executor(run, policy, callOf(run, plan))).run();
  });
}
