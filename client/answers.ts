import { WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';

/** An Update waits for ever when no worker polls; who types a command is told instead. */
const answerWithinMs = 10_000;

/** What the run says, within seconds; a refusal and a silence become failures with their remedy. */
export async function answered(client: Client, handle: WorkflowHandle, say: () => Promise<string>): Promise<string> {
  try {
    return await client.connection.withDeadline(Date.now() + answerWithinMs, say);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof WorkflowUpdateFailedError)
      throw new Failure('InvalidArgument', {
        message: `${handle.workflowId} refuses: ${error.cause?.message ?? error.message}`,
        remedy: `"rekindle status ${handle.workflowId}" shows where it stands`,
      });
    throw new Failure(
      'RunFailed',
      {
        message: `${handle.workflowId} did not answer: ${(error as Error).message}`,
        remedy: 'see whether a worker runs ("rekindle worker") and whether the run is still open ("rekindle runs")',
      },
      { cause: error },
    );
  }
}
