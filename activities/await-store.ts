import type { ElasticsearchStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { awaitUsable } from '../systems/elasticsearch/health.ts';
import type { Watch } from '../domain/watch.ts';
import { awaitZookeeper } from '../systems/zookeeper/session.ts';
import { activity } from './activity.ts';
import { withinLimit } from '../operations/time-limit.ts';
import { awaitListening } from '../operations/stores/await-listening.ts';
import { giveUpOnStopped } from '../operations/stores/stopped-for-good.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';

/** Waiting for any store. */
export function storeActivities(dependencies: Dependencies) {
  return {
    /** Elasticsearch: at least yellow. ZooKeeper: a session opens. A container store: its service is there. */
    awaitStore: activity(async (call: StepCall<'awaitStore'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { store: name, timeoutSeconds } = call.arguments;
      const store = open.platform.stores.find((candidate) => candidate.name === name);
      await withinLimit(timeoutSeconds, async () => {
        if (store?.kind === 'elasticsearch') await awaitElasticsearch(open, store, timeoutSeconds, watch);
        if (store?.kind === 'zookeeper-queue') {
          const giveUp = giveUpOnStopped();
          const hosts = async () =>
            open.zookeeperHosts(store).catch((error: unknown) => {
              giveUp(error);
              throw error;
            });
          await awaitZookeeper({ hosts, timeoutSeconds }, watch);
        }
      });
      return { summary: `${name} answers` };
    }),
  };
}

/** Waits for the container to listen, then for the cluster to be usable, within one limit. */
async function awaitElasticsearch(
  open: OpenPlatform,
  store: ElasticsearchStore,
  timeoutSeconds: number,
  watch: Required<Watch>,
): Promise<void> {
  const since = performance.now();
  const client = await awaitListening(open, store, { timeoutSeconds, since }, watch);
  try {
    const left = timeoutSeconds - (performance.now() - since) / 1000;
    await awaitUsable(client, { timeoutSeconds: Math.max(1, left) }, watch);
  } finally {
    await client.close();
  }
}
