import type { RunPolicy } from '../../domain/runs/run.ts';
import { executor } from './execute.ts';
import { onHost } from './options.ts';
import type { Run } from './open-run.ts';
import { stepRunner, type Runner } from './step-runner.ts';

/** The restore that set the data aside: it names the quarantine, and the deployment that was recorded. */
export interface QuarantineOwner {
  platform: string;
  run: string;
  execution: string;
}

/**
 * Plans the way back and takes it, told as part of `run`. `onRunner` is handed what takes the operator's decisions. Call
 * it under the platform's lock.
 */
export async function rollBack(
  run: Run,
  policy: RunPolicy,
  owner: QuarantineOwner,
  onRunner: (runner: Runner) => void,
): Promise<void> {
  run.enter('rolling back', 'the new services stop, the old data returns, what ran before starts');
  const plan = await onHost(policy).prepareRollback.executeWithOptions({ summary: 'plan the way back' }, [owner]);
  run.followBack(plan);
  const runner = stepRunner(plan, run, executor(policy, { ...owner, planHash: plan.hash }));
  onRunner(runner);
  await runner.run();
}
