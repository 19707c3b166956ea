import { Context } from '@temporalio/activity';

/**
 * How many seconds this machine's clock is ahead of Temporal's, by when each says that this activity's attempt started;
 * `startedAt` by ours, in milliseconds. A little ahead is the way from there to here. Undefined when Temporal does not say.
 */
export async function secondsAheadOfTemporal(startedAt: number): Promise<number | undefined> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  if (workflowId === undefined) return undefined;
  const described = await client.workflow.getHandle(workflowId, runId).describe();
  const own = described.raw.pendingActivities?.find(({ activityId }) => activityId === info.activityId);
  const started = own?.lastStartedTime;
  if (!started) return undefined;
  return startedAt / 1000 - (Number(started.seconds ?? 0) + (started.nanos ?? 0) / 1e9);
}
