import { WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Failure, isFailureKind } from '../domain/failures.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { Assessment } from '../domain/runs/assessment.ts';
import type { CheckInput } from '../domain/runs/run.ts';
import type { check } from '../workflows/index.ts';
import { isOutOfReach } from '../config/temporal/refusals.ts';

/** A dead database is replaced by a scratch one for preflight, which takes a minute. */
const answerWithinMs = 120_000;
/** Nobody reads the answer later than that; without a worker it would wait for ever. */
const endsWithin = '15 minutes';

/**
 * Preflight and plan of a restore as of now, or the plan of a rollback, by the workflow `check/<platform>/<time>`, which changes nothing. Whoever asks
 * the same in the same second gets the same answer. Failures: those of the platform file and of preflight itself; RunFailed when there
 * is no answer within `timeoutMs`.
 */
export async function checkNow(
  client: Client,
  taskQueue: string,
  platform: PlatformName,
  { timeoutMs = answerWithinMs, ...wanted }: Omit<CheckInput, 'platform'> & { timeoutMs?: number } = {},
): Promise<Assessment> {
  const { point, before, volumes, beside, promote, rollback } = wanted;
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  const handle = await client.workflow.start<typeof check>('check', {
    taskQueue,
    workflowId: [`check/${platform}/${time}`, point, before, volumes, beside ? 'beside' : undefined, promote, rollback]
      .filter((part) => part !== undefined)
      .join('~'),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowExecutionTimeout: endsWithin,
    args: [{ platform, ...wanted }],
    staticSummary: rollback === undefined ? `preflight of ${platform}` : `plan of a rollback of ${rollback}`,
  });
  try {
    return await client.connection.withDeadline(Date.now() + timeoutMs, () => handle.result());
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw failureFrom(error, platform);
    // Temporal answered a moment ago: what gives no answer is the worker.
    if (!isOutOfReach(error)) throw error;
    throw new Failure(
      'RunFailed',
      {
        message: `Preflight of ${platform} gave no answer within ${timeoutMs / 1000} s (${handle.workflowId})`,
        remedy: `See whether a worker runs for ${platform} ("rekindle worker"), then check again`,
      },
      { cause: error },
    );
  }
}

function failureFrom(error: WorkflowFailedError, platform: PlatformName): Failure {
  const { cause } = error;
  const [detail] = (cause instanceof ApplicationFailure ? (cause.details ?? []) : []) as [{ remedy?: string }?];
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  return new Failure(
    isFailureKind(type) ? type : 'RunFailed',
    {
      message: cause instanceof ApplicationFailure ? cause.message : `Preflight of ${platform} was ended in Temporal`,
      remedy: detail?.remedy ?? 'Check again',
    },
    { cause: error },
  );
}
