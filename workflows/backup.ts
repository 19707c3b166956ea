import { isCancellation } from '@temporalio/workflow';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { BackupInput, RunPolicy } from '../domain/runs/run.ts';
import { onHost } from './run/activity-options.ts';
import { conclude } from './run/conclude.ts';
import { openRun, type Run } from './run/open-run.ts';
import { takeLockOrSkip } from './run/platform-lock.ts';
import { startScrub } from './run/start-scrub.ts';
import { callOf, executor } from './run/step-executor.ts';
import { stepRunner } from './run/step-runner.ts';

/**
 * A prune ends by itself, and a backup that was skipped for it would be missing. Whoever is about to deploy wants the data as
 * of now: a backup under way began too early, so another one is taken when it has ended.
 */
const lockFor = ({ startedBy }: BackupInput) => ({
  otherwise: 'no backup was taken',
  waitsFor: startedBy?.reason === undefined ? ['prune'] : ['prune', 'backup'],
});

/**
 * Takes one recovery point. Waits for a prune, and before a deployment for another backup; while any other run holds the
 * platform it is skipped with a note.
 */
export async function backup(input: BackupInput): Promise<RunProgress> {
  const run = openRun('backup', input);
  const alone = input.within === undefined;
  return conclude(
    run,
    async (policy) => {
      // Within another run it works under that run's lock.
      if (alone && !(await takeLockOrSkip(run, lockFor(input)))) return;
      const scrubs = policy.scrubs && input.scrubs !== false;
      try {
        await takeBackup(run, policy, input);
      } catch (error) {
        // Else nothing is read while backups fail. One that is cancelled makes way for something.
        if (scrubs && !isCancellation(error)) await startScrub(run);
        throw error;
      }
      if (scrubs) await startScrub(run);
    },
    // Within another run, that run announces the end of both: its last step must not wait for a webhook.
    alone ? undefined : () => [],
  );
}

async function takeBackup(run: Run, policy: RunPolicy, input: BackupInput): Promise<void> {
  run.enter('planning');
  const plan = await onHost(policy).prepareBackup.executeWithOptions({ summary: 'name the recovery point, plan' }, [
    input,
  ]);
  run.follow(plan);
  await stepRunner(plan, run, executor(run, policy, callOf(run, plan))).run();
}
