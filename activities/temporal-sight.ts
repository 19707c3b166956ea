import { Context } from '@temporalio/activity';
import { hostTaskQueue, type Environment } from '../config/environment.ts';
import { workersOn } from '../config/temporal/workers.ts';
import type { HostName } from '../domain/platform.ts';
import type { OpenPlatform } from '../operations/open-platform.ts';
import { assertPolled } from './task-queue.ts';
import { secondsAheadOfTemporal } from './temporal-clock.ts';

/**
 * What preflight asks of Temporal about clock and workers; nothing is seen where it gives no answer. `startedAt`: of this
 * activity's attempt, in milliseconds.
 */
export function temporalSight(
  { taskQueue }: Environment,
  host: HostName,
  startedAt: number,
): Required<Pick<OpenPlatform, 'temporalClock' | 'workers' | 'assertWorkers'>> {
  return {
    assertWorkers: (hosts) =>
      assertPolled(hosts.map((each) => ({ host: each, taskQueue: hostTaskQueue(taskQueue, each) }))),
    temporalClock: () => secondsAheadOfTemporal(startedAt).catch(() => undefined),
    async workers() {
      const { client } = Context.current();
      const queues = [taskQueue, hostTaskQueue(taskQueue, host)];
      const found = await Promise.all(queues.map((queue) => workersOn(client, queue).catch(() => [])));
      return [
        ...new Map(found.flat().map((worker) => [`${worker.identity} ${worker.version ?? ''}`, worker])).values(),
      ];
    },
  };
}
