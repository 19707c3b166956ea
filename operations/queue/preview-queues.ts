import { Failure } from '../../domain/failures.ts';
import type { QueuePreview } from '../../domain/queue/preview.ts';
import { storesOfKind, type StoreName, type ZookeeperQueueStore } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { compareWithQueue } from '../../systems/zookeeper/compare-queue.ts';
import { foldersOf } from '../../systems/zookeeper/queue-place.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withSession } from './queue-session.ts';
import { readQueueJobs, type QueueJobs } from './read-jobs.ts';

/** What a rebuild of each queue would do now; nothing is written. `list`: with every job. */
export async function previewQueues(
  open: OpenPlatform,
  { only, list }: { only?: StoreName; list: boolean },
  watch: Watch = {},
): Promise<QueuePreview[]> {
  const stores = storesOfKind(open.platform, 'zookeeper-queue').filter(
    ({ name }) => only === undefined || only === name,
  );
  const previews: QueuePreview[] = [];
  for (const store of stores) previews.push(await previewQueue(open, store, list, watch));
  return previews;
}

async function previewQueue(
  open: OpenPlatform,
  store: ZookeeperQueueStore,
  list: boolean,
  watch: Watch,
): Promise<QueuePreview> {
  const { name, from } = store;
  const source = `${from.index} of ${from.store}`;
  const read = await seen(() => readQueueJobs(open, store, watch));
  if ('unseen' in read) return { store: name, source, unseen: read.unseen };
  const { jobs, states, leftOut, repeated } = read.seen;
  const queue = await seen(() =>
    withSession(open, store, watch, (session) => compare(session, store, read.seen, watch)),
  );
  const priorities: Record<string, number> = {};
  for (let job = 0; job < jobs.size; job++) {
    const priority = String(jobs.priority(job));
    priorities[priority] = (priorities[priority] ?? 0) + 1;
  }
  return {
    store: name,
    source,
    jobs: jobs.size,
    states,
    priorities,
    leftOut,
    runningAgain: jobs.runningCount,
    repeated: repeated.length,
    queue: 'seen' in queue ? queue.seen : queue,
    ...(list && { list: [...jobs.inQueueOrder()].map((job) => jobs.entry(job)) }),
  };
}

async function compare(
  session: Parameters<typeof compareWithQueue>[0],
  store: ZookeeperQueueStore,
  { jobs }: QueueJobs,
  watch: Watch,
) {
  const compared = await compareWithQueue(session, { ...store, jobs }, watch);
  const { missing, extra, duplicates } = compared.result();
  const { entries, locks } = foldersOf(store);
  const taken = (await session.countChildren(locks))?.present ?? 0;
  return { path: entries, entries: compared.seen, missing: missing.length, extra, duplicates, taken };
}

async function seen<T>(work: () => Promise<T>): Promise<{ seen: T } | { unseen: string }> {
  try {
    return { seen: await work() };
  } catch (error) {
    if (error instanceof Failure) return { unseen: error.message };
    throw error;
  }
}
