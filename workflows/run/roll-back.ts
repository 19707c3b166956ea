import { overallVerdict, type Verdict } from '../../domain/checks.ts';
import type { QuarantineInput, RunPolicy } from '../../domain/runs/run.ts';
import { onHost } from './activity-options.ts';
import { executor } from './step-executor.ts';
import type { Run } from './open-run.ts';
import { stepRunner, type Runner } from './step-runner.ts';

/**
 * Plans the rollback and carries it out as part of `run`. `onRunner` gets the step runner, which takes the operator's
 * decisions. Call it under the platform's lock. Answers the verdict over what the rollback itself checked.
 */
export async function rollBack(
  run: Run,
  policy: RunPolicy,
  owner: QuarantineInput,
  onRunner: (runner: Runner) => void,
): Promise<Verdict> {
  const before = run.progress.checks.length;
  run.enter('rolling back', 'the new services stop, the old data returns, the previous services start');
  const plan = await onHost(policy).prepareRollback.executeWithOptions({ summary: 'plan the rollback' }, [owner]);
  run.followBack(plan);
  const { hash: planHash, places, bases } = plan;
  const call = { ...owner, planHash, ...(places && { places }), ...(bases && { bases }) };
  const runner = stepRunner(plan, run, executor(run, policy, call));
  onRunner(runner);
  await runner.run();
  return overallVerdict(run.progress.checks.slice(before));
}
