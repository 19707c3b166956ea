import type { Readiness } from '../../../domain/readiness/readiness.ts';
import { eventually } from '../../../stack/engine.ts';
import type { Scenario } from '../harness/index.ts';

/** Makes the platform's schedule of readiness evaluate now, and answers what it found: one evaluation knows the one before. */
export async function evaluate({ client, platform }: Scenario): Promise<Readiness> {
  const schedule = client.schedule.getHandle(`rekindle/${platform.project}/readiness`);
  const taken = async () => (await schedule.describe()).info;
  const before = (await taken()).numActionsTaken;
  await schedule.trigger();
  const { workflowId } = await eventually('an evaluation begins', 60, async () => {
    const { numActionsTaken, recentActions } = await taken();
    const newest = recentActions.at(-1)?.action;
    if (numActionsTaken <= before || newest?.type !== 'startWorkflow') throw new Error('none yet');
    return newest.workflow;
  });
  return (await client.workflow.getHandle(workflowId).result()) as Readiness;
}

/** What `schedule apply` made of the platform. */
export async function removeSchedules({ client, platform }: Scenario): Promise<void> {
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(`rekindle/${platform.project}/`))
      await client.schedule
        .getHandle(scheduleId)
        .delete()
        .catch(() => undefined);
}
