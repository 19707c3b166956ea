import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { Failure } from '../domain/failures.ts';

/** A poll lasts a minute at most: a worker that was not seen for longer is gone. */
const seenWithinMs = 70_000;
const patienceMs = 10_000;

interface HostQueue {
  host: string;
  taskQueue: string;
}

/**
 * That a worker serves each host's queue: without one every step would wait in silence. One that is just starting is waited
 * for. Failure: HostWorkerMissing, which names all hosts without a worker.
 */
export async function assertPolled(queues: readonly HostQueue[]): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (let missing = [...queues]; missing.length > 0;) {
    const polled = await Promise.all(missing.map(({ taskQueue }) => isPolled(taskQueue)));
    missing = missing.filter((_queue, index) => polled[index] !== true);
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw unserved(missing);
    await pause(500);
  }
}

async function isPolled(taskQueue: string): Promise<boolean> {
  const { connection, options } = Context.current().client;
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
  });
  const seen = pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
  return seen.some((at) => Date.now() - at < seenWithinMs);
}

function unserved(missing: readonly HostQueue[]): Failure {
  const [first, ...others] = missing;
  const hosts = missing.map(({ host }) => `"${host}"`).join(', ');
  const queues = missing.map(({ taskQueue }) => taskQueue).join(', ');
  return new Failure('HostWorkerMissing', {
    message: `No worker serves the ${others.length > 0 ? 'hosts' : 'host'} ${hosts} (task queue ${queues}); nothing was touched`,
    remedy:
      others.length > 0
        ? 'Start "rekindle worker" on each of them with REKINDLE_HOST set to its name, or correct deployment.host and deployment.hosts in the platform file'
        : `Start "rekindle worker" on it with REKINDLE_HOST=${first?.host ?? ''}, or correct deployment.host in the platform file`,
  });
}
