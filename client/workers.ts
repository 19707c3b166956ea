import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

/** A worker asks for work at least once a minute, whether there is any or not. */
const seenWithinMs = 90_000;
const answerWithinMs = 4000;
/** Temporal lists nobody who was not there within five minutes: who seems to be older was, and this machine's clock is ahead. */
const listedWithinMs = 360_000;

/** Whether a worker has asked for work on this queue within the last minute and a half. */
export async function isServed(client: Client, taskQueue: string, now: number = Date.now()): Promise<boolean> {
  const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
  const { namespace } = client.options;
  return client.connection.withDeadline(Date.now() + answerWithinMs, async () => {
    // That of a machine takes activities alone.
    for (const taskQueueType of [TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY]) {
      const queue = { namespace, taskQueue: { name: taskQueue }, taskQueueType };
      const { pollers } = await client.workflowService.describeTaskQueue(queue);
      const ages = pollers.map(({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1000);
      if (ages.some((age) => age < seenWithinMs || age > listedWithinMs)) return true;
    }
    return false;
  });
}
