import { WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';

export type Workflows = Pick<WorkflowClient, 'getHandle'>;

/** What Temporal says of a run. `unknown`: it never was here, or is forgotten by now. */
export async function runState(workflows: Workflows, id: string): Promise<'running' | 'over' | 'unknown'> {
  try {
    return (await workflows.getHandle(id).describe()).status.name === 'RUNNING' ? 'running' : 'over';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}
