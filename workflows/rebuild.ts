import type { RunProgress } from '../domain/progress.ts';
import type { RebuildInput, RunPolicy } from '../domain/run.ts';
import { conclude } from './conclude.ts';
import { callOf, executor } from './execute.ts';
import { busy, withLock } from './lock.ts';
import { locate, onHost } from './options.ts';
import { openRun } from './run.ts';
import { stepRunner } from './runner.ts';

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
