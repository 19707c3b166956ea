import type { Client } from '@temporalio/client';
import type { Plan } from '../domain/plans/plan.ts';
import type { StepId } from '../domain/plans/steps.ts';
import { plan as planQuery } from '../workflows/messages.ts';

/** When an activity was scheduled, began (its last attempt) and ended, by Temporal's own clock. Milliseconds. */
interface Execution {
  scheduled: number;
  started: number;
  completed: number;
}

/**
 * What Rekindle's own machinery adds to the downtime, in seconds: the wall time from the moment when the first stop was
 * scheduled to the moment when the smoke check was done, minus the execution times (started → completed, as Temporal
 * recorded them) of the activities on the critical path between the two. What is left is workflow tasks, scheduling,
 * dispatch, and the waits between attempts of a step that failed. The critical path is found backwards: from the smoke
 * check to the step, among those it waited for, that was done last, and so on. `inside` is that sum of execution times.
 */
export async function measureOrchestration(client: Client, run: string): Promise<{ outside: number; inside: number }> {
  const handle = client.workflow.getHandle(run);
  const plan = await handle.query(planQuery);
  if (plan === undefined) throw new Error(`${run} has no plan`);
  const executions = await readExecutions(client, run);
  const path = criticalPath(plan, executions);
  const first = path[0];
  const last = path.at(-1);
  if (first === undefined || last === undefined) throw new Error(`${run} stopped nothing`);
  const inside = path.reduce((sum, { started, completed }) => sum + (completed - started), 0);
  return { outside: (last.completed - first.scheduled - inside) / 1000, inside: inside / 1000 };
}

/** From the first stop to the smoke check. */
function criticalPath(plan: Plan, executions: Map<StepId, Execution>): Execution[] {
  const executionOf = (id: StepId) => {
    const execution = executions.get(id);
    if (execution === undefined) throw new Error(`The history holds no activity of step ${id}`);
    return execution;
  };
  const path: Execution[] = [];
  let step = plan.steps.find(({ action }) => action === 'smokeCheck');
  while (step !== undefined && step.action !== 'repeatPreflight') {
    path.unshift(executionOf(step.id));
    const latest = step.after.toSorted((a, b) => executionOf(b).completed - executionOf(a).completed)[0];
    step = plan.steps.find(({ id }) => id === latest);
  }
  return path;
}

async function readExecutions(client: Client, run: string): Promise<Map<StepId, Execution>> {
  const { events } = await client.workflow.getHandle(run).fetchHistory();
  const byEvent = new Map<string, { id: StepId } & Execution>();
  for (const event of events ?? []) {
    const time = Number(event.eventTime?.seconds ?? 0) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6;
    const { activityTaskScheduledEventAttributes: scheduled } = event;
    const { activityTaskStartedEventAttributes: started } = event;
    const { activityTaskCompletedEventAttributes: completed } = event;
    if (scheduled)
      byEvent.set(String(event.eventId), {
        id: scheduled.activityId ?? '',
        scheduled: time,
        started: NaN,
        completed: NaN,
      });
    const of = byEvent.get(String((started ?? completed)?.scheduledEventId));
    if (of && started) of.started = time;
    if (of && completed) of.completed = time;
  }
  return new Map([...byEvent.values()].map(({ id, ...execution }) => [id, execution]));
}
