import type { RunProgress } from '../domain/runs/progress.ts';
import type { BackupInput, RunPolicy } from '../domain/runs/run.ts';
import { conclude } from './run/conclude.ts';
import { callOf, executor } from './run/execute.ts';
import { locate, onHost } from './run/options.ts';
import { openRun } from './run/open-run.ts';
import { stepRunner } from './run/step-runner.ts';
import { withLockOrSkipped } from './run/lock-or-skip.ts';

/** Takes one recovery point. When another run than a prune holds the platform it is skipped with a note. */
export async function backup(input: BackupInput): Promise<RunProgress> {
  const run = openRun('backup', input);
  let policy: RunPolicy | undefined;

  async function work(): Promise<void> {
    policy = await locate(input.platform);
    run.enter('planning');
    const plan = await onHost(policy).prepareBackup.executeWithOptions({ summary: 'name the recovery point, plan' }, [
      { platform: input.platform },
    ]);
    run.follow(plan);
    await stepRunner(plan, run, executor(policy, callOf(run))).run();
  }

  return conclude(
    run,
    () => policy,
    async () => {
      if (input.within !== undefined) return work();
      // A prune ends by itself, and a backup that was left out for it would be missing.
      await withLockOrSkipped(run, { work, otherwise: 'no backup was taken', waitsFor: ['prune'] });
    },
    // Within another run it is that one's to tell, lest its last step waits for a webhook.
    () => (input.within === undefined ? [run.progress] : []),
  );
}
