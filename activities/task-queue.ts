import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { Failure } from '../domain/failures.ts';

/** A poll lasts a minute at most: a worker that was not seen for longer is gone. */
const seenWithinMs = 70_000;
const patienceMs = 10_000;

/**
 * That a worker serves the host's queue: without one every step would wait in silence. One that is just starting is
 * waited for. Failure: HostWorkerMissing.
 */
export async function assertPolled(taskQueue: string, host: string): Promise<void> {
  const { connection, options } = Context.current().client;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    });
    const seen = pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    if (seen.some((at) => Date.now() - at < seenWithinMs)) return;
    if (Date.now() > deadline)
      throw new Failure('HostWorkerMissing', {
        message: `No worker serves the host "${host}" (task queue ${taskQueue}); nothing was touched`,
        remedy: `Start "rekindle worker" on it with REKINDLE_HOST=${host}, or correct deployment.host in the platform file`,
      });
    await pause(500);
  }
}
