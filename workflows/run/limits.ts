import { isCancellation } from '@temporalio/workflow';
import type { Action } from '../../domain/plans/steps.ts';
import type { StepArguments } from '../../domain/plans/step-arguments.ts';
import type { Limits } from '../../domain/runs/run.ts';
import { locate } from './activity-options.ts';
import { recordOf } from './failure-record.ts';
import type { Run } from './open-run.ts';

/**
 * From now on the run follows the platform file as it is now: a person who has a step retried may have raised what was too
 * little. The host stays. A file that cannot be used changes nothing, and the run notes it.
 */
export async function renewLimits(run: Run): Promise<void> {
  try {
    const { host, taskQueue } = run.policy ?? {};
    const now = await locate(run.progress.platform);
    run.policy = { ...now, host: host ?? now.host, taskQueue: taskQueue ?? now.taskQueue };
    run.limits = now.limits;
  } catch (error) {
    if (isCancellation(error)) throw error;
    run.note(
      `A retry goes on with the earlier limits, since the platform file cannot be used: ${recordOf(error).message}`,
    );
  }
}

/** The step's arguments with other limits than the plan's. */
export function withLimits<A extends Action>(
  { action, arguments: given }: { action: A; arguments: StepArguments[A] },
  limits: Limits | undefined,
): StepArguments[A] {
  if (limits === undefined) return given;
  const { healthTimeoutSeconds, settleSeconds, stopGraceSeconds } = limits;
  const renewed: { [B in Action]?: Partial<StepArguments[B]> } = {
    startService: { healthTimeoutSeconds, settleSeconds },
    stopService: { graceSeconds: stopGraceSeconds },
    awaitStore: { timeoutSeconds: healthTimeoutSeconds },
  };
  return { ...given, ...renewed[action] };
}
