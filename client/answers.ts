import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import { isOutOfReach } from '../config/temporal/refusals.ts';
import { ended, type FoundRun } from './find-run.ts';
import { describeRun } from './runs.ts';

/** An Update waits forever when no worker polls; the person who types a command must not. */
const answerWithinMs = 10_000;

/**
 * The run's reply to a question or to a person's answer, within seconds. Failures: InvalidArgument when it refuses or has ended, RunFailed
 * when nobody answers for it.
 */
export async function answered<T>(client: Client, run: FoundRun, word: () => Promise<T>): Promise<T> {
  if (run.status !== 'running') throw ended(run);
  try {
    return await client.connection.withDeadline(Date.now() + answerWithinMs, word);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof WorkflowUpdateFailedError)
      throw new Failure('InvalidArgument', {
        message: `${run.id} refuses: ${error.cause?.message ?? error.message}`,
        remedy: `"rekindle status ${run.id}" shows where it stands`,
      });
    const now = error instanceof WorkflowNotFoundError ? await describeRun(client, run.id) : undefined;
    if (now !== undefined && now.status !== 'running') throw ended(now);
    // Temporal answered a moment ago: what gives no answer is the worker.
    if (!isSilence(error)) throw error;
    throw unserved(run.id, error);
  }
}

/** Nobody works on the run. */
export function unserved(run: string, cause?: unknown): Failure {
  return new Failure(
    'RunFailed',
    {
      message: `${run} did not answer within ${answerWithinMs / 1000} s: no worker serves it`,
      remedy: `Start one ("rekindle worker"), see where the run stands ("rekindle status ${run}"), and repeat the command`,
    },
    { cause },
  );
}

/** The SDK wraps a deadline that was met while it waited for an Update. */
function isSilence(error: unknown): boolean {
  return isOutOfReach(error) || (error instanceof Error && error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError');
}
