import type { RunProgress } from '../domain/progress.ts';
import type { BackupInput, LockHolder, RunPolicy } from '../domain/run.ts';
import { conclude } from './conclude.ts';
import { callOf, executor } from './execute.ts';
import { withLock } from './lock.ts';
import { locate, onHost } from './options.ts';
import { openRun } from './run.ts';
import { stepRunner } from './runner.ts';

/** Takes one recovery point. When another run holds the platform it is skipped with a note; it never waits. */
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
      try {
        await withLock(
          input.platform,
          (holder) => {
            throw new Skipped(holder);
          },
          work,
        );
      } catch (error) {
        if (!(error instanceof Skipped)) throw error;
        run.progress.finishedAt = run.now();
        run.enter(
          'skipped',
          `${error.holder?.workflowId ?? 'another run'} holds ${input.platform}; no backup was taken`,
        );
      }
    },
    // Within another run it is that one's to tell, lest its last step waits for a webhook.
    () => (input.within === undefined ? [run.progress] : []),
  );
}

/** Not a failure: it only carries the lock's holder past the work. */
class Skipped extends Error {
  readonly holder: LockHolder | undefined;
  constructor(holder: LockHolder | undefined) {
    super('skipped');
    this.holder = holder;
  }
}
