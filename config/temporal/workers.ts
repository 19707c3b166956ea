import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { WorkerSeen } from '../../domain/workers.ts';

/** A worker asks for work at least once a minute, whether there is any or not. */
const seenWithinMs = 90_000;
const answerWithinMs = 4000;
/** Temporal lists nobody who was not there within five minutes: who seems to be older was, and this machine's clock is ahead. */
const listedWithinMs = 360_000;

/** The workers that have asked for work on this queue within the last minute and a half. */
export async function workersOn(client: Client, taskQueue: string, now: number = Date.now()): Promise<WorkerSeen[]> {
  const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
  const { namespace } = client.options;
  const found = new Map<string, WorkerSeen>();
  await client.connection.withDeadline(Date.now() + answerWithinMs, async () => {
    // That of a machine takes activities alone.
    for (const taskQueueType of [TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY]) {
      const queue = { namespace, taskQueue: { name: taskQueue }, taskQueueType };
      const { pollers } = await client.workflowService.describeTaskQueue(queue);
      for (const { identity, lastAccessTime, deploymentOptions } of pollers) {
        const age = now - Number(lastAccessTime?.seconds ?? 0) * 1000;
        if (age >= seenWithinMs && age <= listedWithinMs) continue;
        const version = deploymentOptions?.buildId;
        const name = identity ?? '';
        found.set(`${name} ${version ?? ''}`, { identity: name, ...(version ? { version } : {}) });
      }
    }
  });
  return [...found.values()];
}
