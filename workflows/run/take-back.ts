import { overallVerdict } from '../../domain/checks.ts';
import type { QuarantineInput, RunPolicy } from '../../domain/runs/run.ts';
import type { openDecisionDesk } from './decisions.ts';
import { recordOf } from './failure-record.ts';
import type { Run } from './open-run.ts';
import { takeLock } from './platform-lock.ts';
import { rollBack } from './roll-back.ts';

/**
 * The rollback as a run of its own: steps, checks and a report. It fails nothing: when it did not succeed, it can be
 * requested again.
 */
export async function takeBack(
  run: Run,
  policy: RunPolicy,
  input: QuarantineInput,
  decisions: ReturnType<typeof openDecisionDesk>,
): Promise<void> {
  const { progress } = run;
  Object.assign(progress, {
    startedAt: run.now(),
    finishedAt: undefined,
    checks: [],
    steps: [],
    decisions: [],
    waits: undefined,
  });
  delete progress.failure;
  delete progress.verdict;
  try {
    await takeLock(run, (holder) => {
      run.enter('waiting for lock', `waits for ${holder?.workflowId ?? 'the lock'} to end`);
      return true;
    });
    try {
      await rollBack(run, policy, input, (runner) => decisions.serve(runner));
    } finally {
      await run.settle();
    }
    progress.verdict = overallVerdict(progress.checks);
  } catch (error) {
    const { kind, message, remedy, checks } = recordOf(error);
    progress.failure = { kind, message, remedy };
    progress.checks.push(...checks);
    progress.verdict = 'fail';
  }
  progress.finishedAt = run.now();
  // Steps that were skipped leave the verdict at fail, but the data is back.
  run.enter(progress.failure ? 'failed' : 'rolled back', '');
}
