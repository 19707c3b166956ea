import type { Scenario } from './scenario.ts';

/** Ends the scrub that followed the set-up's backup: its worker ended with the set-up, and it would be the one scrub of the platform. */
export async function endScrubs({ client, platform }: Pick<Scenario, 'client' | 'platform'>): Promise<void> {
  const query = 'WorkflowType = "scrub" AND ExecutionStatus = "Running"';
  for await (const { workflowId } of client.workflow.list({ query }))
    if (workflowId.includes(platform.project))
      await client.workflow
        .getHandle(workflowId)
        .terminate('its worker is gone')
        .catch(() => undefined);
}
