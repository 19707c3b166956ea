import type { RunPolicy } from '../../domain/runs/run.ts';
import { onHost } from './activity-options.ts';
import { executor } from './step-executor.ts';
import type { Run } from './open-run.ts';
import { stepRunner, type Runner } from './step-runner.ts';

/** The restore that set the data aside: it names the quarantine, and the deployment that was recorded. */
export interface QuarantineOwner {
  platform: string;
  run: string;
  execution: string;
}

/**
 * Plans the rollback and carries it out as part of `run`. `onRunner` gets the step runner, which takes the operator's
 * decisions. Call it under the platform's lock.
 */
export async function rollBack(
  run: Run,
  policy: RunPolicy,
  owner: QuarantineOwner,
  onRunner: (runner: Runner) => void,
): Promise<void> {
  run.enter('rolling back', 'the new services stop, the old data returns, the previous services start');
  const plan = await onHost(policy).prepareRollback.executeWithOptions({ summary: 'plan the rollback' }, [owner]);
  run.followBack(plan);
  const runner = stepRunner(plan, run, executor(run, policy, { ...owner, planHash: plan.hash }));
  onRunner(runner);
  await runner.run();
}
