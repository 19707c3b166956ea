import type { ElasticsearchStore } from '../../domain/platform.ts';
import { Failure } from '../../domain/failures.ts';
import { streamedStores, type StreamedStore } from '../../domain/store-kinds.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { awaitUsable } from '../../systems/elasticsearch/health.ts';
import { pause, pollMilliseconds } from '../../systems/pause.ts';
import { awaitZookeeper } from '../../systems/zookeeper/session.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withinLimit } from '../time-limit.ts';
import { containerOfStore, openStreamStore } from '../streams/open-stream-store.ts';
import { onceListening } from './await-listening.ts';
import { remedyForNodes } from './check-nodes.ts';
import { giveUpOnStopped } from './stopped-for-good.ts';

/**
 * Elasticsearch: at least yellow. ZooKeeper: a session opens. A store of streams: its driver says that the server answers. A
 * container store has nothing to wait for.
 */
export async function awaitStore(open: OpenPlatform, call: StepCall<'awaitStore'>, watch: Watch): Promise<StepOutcome> {
  const { store: name, timeoutSeconds, nodes } = call.arguments;
  const store = open.platform.stores.find((candidate) => candidate.name === name);
  const streamed = streamedStores(open.platform).find((candidate) => candidate.name === name);
  await withinLimit(timeoutSeconds, async () => {
    if (streamed) await awaitStreamed(open, streamed, { timeoutSeconds, run: call.run }, watch);
    if (store?.kind === 'elasticsearch') await awaitElasticsearch(open, store, { timeoutSeconds, nodes }, watch);
    if (store?.kind === 'zookeeper-queue')
      await awaitZookeeper({ hosts: unlessStopped(() => open.zookeeperHosts(store)), timeoutSeconds }, watch);
  });
  return { summary: nodes === undefined ? `${name} answers` : `${name} answers, ${nodes} of ${nodes} nodes` };
}

/** Asks until the server answers. Failures: that of the last attempt; ServiceStopped when it has not run for a minute. */
async function awaitStreamed(
  open: OpenPlatform,
  store: StreamedStore,
  { timeoutSeconds, run }: { timeoutSeconds: number; run: string },
  watch: Watch,
): Promise<void> {
  const since = performance.now();
  const ask = unlessStopped(async () => {
    const { running, name } = await containerOfStore(open, store);
    // Why it does not run, and since when; no port of it matters for that.
    if (!running) await open.docker.reach(name, 'port' in store ? store.port : 0, watch.signal);
    const driver = await openStreamStore(open, store, run);
    await driver.answers(watch).catch((error: unknown) => {
      // It ended in this moment: the next attempt says why.
      const ended = error instanceof Failure && error.kind === 'ServiceNotFound';
      throw ended ? new Failure('ServiceUnhealthy', error) : error;
    });
  });
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      const done = Math.round((performance.now() - since) / 1000);
      if (!(error instanceof Failure) || error.kind !== 'ServiceUnhealthy' || done >= timeoutSeconds) throw error;
      const note = `${store.service} does not answer yet`;
      watch.onProgress?.({ done, total: timeoutSeconds, unit: 'seconds', note });
      await pause(pollMilliseconds, watch.signal);
    }
  }
}

/** For one wait, which asks again and again. Failure: ServiceStopped. */
function unlessStopped<T>(ask: () => Promise<T>): () => Promise<T> {
  const giveUp = giveUpOnStopped();
  return async () => {
    try {
      return await ask();
    } catch (error) {
      giveUp(error);
      throw error;
    }
  };
}

/** Waits for the container to listen, then for the cluster to be usable with all its nodes, within one limit. */
async function awaitElasticsearch(
  open: OpenPlatform,
  store: ElasticsearchStore,
  { timeoutSeconds, nodes }: { timeoutSeconds: number; nodes?: number },
  watch: Watch,
): Promise<void> {
  const since = performance.now();
  await onceListening(open, store, { timeoutSeconds, since }, watch, async (client) => {
    const left = timeoutSeconds - (performance.now() - since) / 1000;
    try {
      await awaitUsable(client, { timeoutSeconds: Math.max(1, left), nodes }, watch);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'ElasticsearchUnreachable') throw error;
      throw new Failure(
        error.kind,
        { message: error.message, remedy: await remedyForNodes(open, store) },
        { cause: error },
      );
    }
  });
}
