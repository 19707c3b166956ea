import { setTimeout as pause } from 'node:timers/promises';
import { overallVerdict } from '../domain/checks.ts';
import type { QueueEntry } from '../domain/queue-layout.ts';
import type { ElasticsearchStore, ZookeeperQueueStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/run.ts';
import type { StepOutcome } from '../domain/steps.ts';
import { jobPriority } from '../domain/job-queue.ts';
import { awaitUsable } from '../systems/elasticsearch/health.ts';
import { readJobs } from '../systems/elasticsearch/jobs.ts';
import type { Watch } from '../systems/watch.ts';
import { rebuildQueue, verifyQueue } from '../systems/zookeeper/queue.ts';
import { awaitZookeeper, connectZookeeper, type ZookeeperSession } from '../systems/zookeeper/session.ts';
import { activity } from './activity.ts';
import { ChecksFailed, withinLimit } from './failures.ts';
import { listening } from './listening.ts';
import { openPlatform, storeNamed, type Dependencies, type OpenPlatform } from './open-platform.ts';

const sessionTimeoutSeconds = 10;
const comparisons = 4;
const comparisonPauseMs = 1000;

interface OpenQueue {
  session: ZookeeperSession;
  store: ZookeeperQueueStore;
  /** All that must stand in the queue, in the order of their creation. */
  jobs: QueueEntry[];
  readAgain: () => Promise<QueueEntry[]>;
}

/** Waiting for any store, and making the derived ones anew from their source. */
export function storeActivities(dependencies: Dependencies) {
  const onQueue = async (
    call: { platform: string; arguments: { store: string } },
    watch: Required<Watch>,
    work: (queue: OpenQueue) => Promise<StepOutcome>,
  ): Promise<StepOutcome> => {
    const open = await openPlatform(dependencies, call.platform);
    const store = storeNamed(open.platform, 'zookeeper-queue', call.arguments.store);
    const readAgain = () => eligibleJobs(open, store, watch);
    const jobs = await readAgain();
    const session = await connectZookeeper({
      hosts: await open.zookeeperAddress(store),
      timeoutSeconds: sessionTimeoutSeconds,
      signal: watch.signal,
    });
    try {
      return await work({ session, store, jobs, readAgain });
    } finally {
      await session.close();
    }
  };

  return {
    /** Elasticsearch: at least yellow. ZooKeeper: a session opens. A container store: its service is there. */
    awaitStore: activity(async (call: StepCall<'awaitStore'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { store: name, timeoutSeconds } = call.arguments;
      const store = open.platform.stores.find((candidate) => candidate.name === name);
      await withinLimit(timeoutSeconds, async () => {
        if (store?.kind === 'elasticsearch') await awaitElasticsearch(open, store, timeoutSeconds, watch);
        if (store?.kind === 'zookeeper-queue')
          await awaitZookeeper({ hosts: () => open.zookeeperAddress(store), timeoutSeconds }, watch);
      });
      return { summary: `${name} answers` };
    }),

    rebuildQueue: activity((call: StepCall<'rebuildQueue'>, watch): Promise<StepOutcome> =>
      onQueue(call, watch, async ({ session, store, jobs, readAgain }) => {
        // Consumers of a living queue finish jobs meanwhile: what is to be added is asked for once more.
        const stillWanted = async (missing: QueueEntry[]) => {
          const now = new Set((await readAgain()).map(({ value }) => value));
          return missing.filter(({ value }) => now.has(value));
        };
        const { written, present, extra } = await rebuildQueue(session, { path: store.path, jobs, stillWanted }, watch);
        const more = extra.length > 0 ? `, ${extra.length} entries stand for no eligible job` : '';
        return { summary: `${written} entries written, ${present} were there, for ${jobs.length} jobs${more}` };
      }),
    ),

    verifyQueue: activity((call: StepCall<'verifyQueue'>, watch): Promise<StepOutcome> =>
      onQueue(call, watch, async ({ session, store, jobs, readAgain }) => {
        const living = !call.arguments.exactOrder;
        const compare = (wanted: QueueEntry[]) =>
          verifyQueue(session, { path: store.path, jobs: wanted, living }, watch);
        let checks = await compare(jobs);
        // On a living platform a job may end between the two readings; only a difference that stays is one.
        for (let again = 1; again < comparisons && overallVerdict(checks) !== 'pass'; again++) {
          await pause(comparisonPauseMs, undefined, { signal: watch.signal });
          checks = await compare(await readAgain());
        }
        if (overallVerdict(checks) !== 'pass')
          throw new ChecksFailed(`the queue ${store.path} is not that of the jobs`, checks);
        return {
          summary: `${jobs.length} entries, equal to the jobs${call.arguments.exactOrder ? ', in their order' : ''}`,
          checks,
        };
      }),
    ),
  };
}

/** All jobs that must stand in the queue, in its order. */
async function eligibleJobs(
  open: OpenPlatform,
  store: ZookeeperQueueStore,
  watch: Required<Watch>,
): Promise<QueueEntry[]> {
  const source = storeNamed(open.platform, 'elasticsearch', store.from.store);
  const client = await open.elasticsearch(source);
  try {
    const jobs: QueueEntry[] = [];
    for await (const job of readJobs(client, store.from.index, watch))
      jobs.push({ value: job.id, priority: jobPriority(job, store.defaultPriority) });
    return jobs;
  } finally {
    await client.close();
  }
}

/** Waits for the container to listen, then for the cluster to be usable, within one limit. */
async function awaitElasticsearch(
  open: OpenPlatform,
  store: ElasticsearchStore,
  timeoutSeconds: number,
  watch: Required<Watch>,
): Promise<void> {
  const since = performance.now();
  const client = await listening(open, store, { timeoutSeconds, since }, watch);
  try {
    const left = timeoutSeconds - (performance.now() - since) / 1000;
    await awaitUsable(client, { timeoutSeconds: Math.max(1, left) }, watch);
  } finally {
    await client.close();
  }
}
