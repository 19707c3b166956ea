import { Context } from '@temporalio/activity';
import { NativeConnection } from '@temporalio/worker';
import type { AtEnd } from '../at-end.ts';
import { provided } from '../provided.ts';
import { spreadSituation } from '../spread-situation.ts';
import { createWorker } from './create-worker.ts';
import type { FakeOptions } from './fake-platform.ts';
import { openScenes, testWith, type OpenScene, type Scene } from './scene.ts';

// A platform on two hosts: each has its queue, and a worker of its own that serves nothing else.

export type OpenHosts = (
  options?: Partial<FakeOptions>,
  served?: string[],
) => Promise<Scene & { places: [string, string][] }>;
export const test = testWith((atEnd) => ({ openHosts: openHosts(openScenes(atEnd), atEnd) }));

/** `places`: each step and the host whose worker did it, in the order in which they began. */
function openHosts(openScene: OpenScene, atEnd: AtEnd): OpenHosts {
  return async (options = {}, served = ['machine', 'other']) => {
    const places: [string, string][] = [];
    const { platform = `hosts-${Math.random().toString(36).slice(2, 10)}` } = options;
    const queueOf = (host: string) => `test-${platform}-host-${host}`;
    const scene = await openScene({
      platform,
      situation: spreadSituation(),
      ...options,
      policy: { host: 'machine', taskQueue: queueOf('machine'), ...options.policy },
      onStep(what, attempt) {
        const { taskQueue } = Context.current().info;
        places.push([what, taskQueue.slice(queueOf('').length)]);
        return options.onStep?.(what, attempt);
      },
    });
    const connection = await NativeConnection.connect({ address: provided('temporalAddress') });
    atEnd(() => connection.close());
    for (const host of served) {
      const worker = await createWorker({
        connection,
        taskQueue: queueOf(host),
        activities: scene.activities,
        maxHeartbeatThrottleInterval: '50 milliseconds',
        shutdownForceTime: '2 seconds',
      });
      const running = worker.run().catch(() => undefined);
      atEnd(async () => {
        worker.shutdown();
        await running;
      });
    }
    return { ...scene, places };
  };
}
