import type { RunProgress } from '../domain/runs/progress.ts';
import type { RebuildInput, RunPolicy } from '../domain/runs/run.ts';
import { conclude } from './run/conclude.ts';
import { callOf, executor } from './run/execute.ts';
import { busy, withLock } from './run/lock.ts';
import { locate, onHost } from './run/options.ts';
import { openRun } from './run/open-run.ts';
import { stepRunner } from './run/step-runner.ts';

/** Makes the derived stores of a platform anew from their sources, under the platform's lock. */
export async function rebuild(input: RebuildInput): Promise<RunProgress> {
  const run = openRun('rebuild', input);
  let policy: RunPolicy | undefined;
  return conclude(
    run,
    () => policy,
    async () => {
      policy = await locate(input.platform);
      const known = policy;
      await withLock(
        input.platform,
        (holder) => {
          throw busy(input.platform, holder);
        },
        async () => {
          run.enter('planning');
          const plan = await onHost(known).prepareRebuild.executeWithOptions({ summary: 'plan the rebuild' }, [input]);
          run.follow(plan);
          await stepRunner(plan, run, executor(known, callOf(run))).run();
        },
      );
    },
  );
}
