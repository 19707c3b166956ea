import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';

/**
 * Starts a child under `id`, or under `<id>~<part of this execution's id>` while another workflow runs under that one:
 * people who start runs by hand reuse ids, and two runs may start in the same second.
 */
export async function withFreeId<T>(id: string, start: (id: string) => Promise<T>): Promise<T> {
  try {
    return await start(id);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return start(`${id}~${workflowInfo().runId.slice(0, 8)}`);
  }
}
