import { createHash } from 'node:crypto';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { WorkflowIdReusePolicy } from '@temporalio/common';
import type { IncidentEvent, IncidentInput } from '../domain/incidents/incident.ts';

/** Names an incident in ids and addresses: short, and equal for equal `source` and `incident`. */
export function incidentId({ source, incident }: Pick<IncidentEvent, 'source' | 'incident'>): string {
  return createHash('sha256').update(`${source}\n${incident}`).digest('hex').slice(0, 16);
}

const answerWithinMs = 10_000;

/**
 * Hands an event to its incident's workflow, `incident/<id>`, which an `opened` one starts when it does not run, also again
 * after it has ended. False: the event concerns an incident that is not open, and nobody waits for it.
 */
export async function deliverIncident(client: Client, taskQueue: string, input: IncidentInput): Promise<boolean> {
  const workflowId = `incident/${input.id}`;
  const { event } = input;
  return client.connection.withDeadline(Date.now() + answerWithinMs, async () => {
    if (event.what === 'opened') {
      await client.workflow.signalWithStart('incident', {
        taskQueue,
        workflowId,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        args: [input],
        signal: 'incidentEvent',
        signalArgs: [event],
        staticSummary: `incident of ${input.platform}: ${event.title}`.slice(0, 200),
      });
      return true;
    }
    try {
      await client.workflow.getHandle(workflowId).signal('incidentEvent', event);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
}
