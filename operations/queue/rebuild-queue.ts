import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { ZookeeperQueueStore } from '../../domain/platform.ts';
import type { JobTable, QueueEntry } from '../../domain/queue/job-table.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { pause } from '../../systems/pause.ts';
import { rebuildQueue as rebuildInZookeeper, type QueueRebuilt } from '../../systems/zookeeper/rebuild-queue.ts';
import { removeEntries } from '../../systems/zookeeper/remove-entries.ts';
import type { ZookeeperSession } from '../../systems/zookeeper/session.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from '../stores/store-named.ts';
import { withSession } from './queue-session.ts';
import { readQueueJobs, type QueueJobs } from './read-jobs.ts';
import { recordRunningJobs } from './running-jobs.ts';

/** A producer writes the entry first and the document then: an entry without one after so long belongs to nobody. */
const removalPauseMs = 5000;

type ReadJobs = () => Promise<QueueJobs>;

/** Rebuilds the queue from the documents of its source. */
export function rebuildQueue(open: OpenPlatform, call: StepCall<'rebuildQueue'>, watch: Watch): Promise<StepOutcome> {
  const store = storeNamed(open.platform, 'zookeeper-queue', call.arguments.store);
  const readJobs = () => readQueueJobs(open, store, watch);
  return withSession(open, store, watch, async (session) => {
    const { jobs, repeated } = await readJobs();
    const stillWanted = stillWantedOf(readJobs);
    const rebuilt = await rebuildInZookeeper(session, { ...store, jobs, stillWanted }, watch);
    const removed = call.arguments.removeExtra
      ? await removeExtra(session, store, readJobs, rebuilt, watch)
      : undefined;
    const checks = await recordRunningJobs(open, call, rebuilt.runsAgain);
    return { summary: inWords(rebuilt, jobs, repeated, removed), checks };
  });
}

/** Consumers of a living queue finish jobs meanwhile: entries that are missing are compared with the documents once more. */
export function stillWantedOf(readJobs: ReadJobs) {
  return async (missing: QueueEntry[]): Promise<QueueEntry[]> => {
    const { jobs } = await readJobs();
    return missing.filter(({ value }) => jobs.find(value) !== undefined);
  };
}

/** Removes only what still stands for no job when the documents are read again. */
async function removeExtra(
  session: ZookeeperSession,
  store: ZookeeperQueueStore,
  readJobs: ReadJobs,
  { extra, duplicates }: QueueRebuilt,
  watch: Watch,
): Promise<{ removed: number; kept: number }> {
  if (extra.length + duplicates.length === 0) return { removed: 0, kept: 0 };
  await pause(removalPauseMs, watch.signal);
  const { jobs } = await readJobs();
  const toRemove = [...extra.filter(({ value }) => jobs.find(value) === undefined), ...duplicates];
  const { removed } = await removeEntries(session, { ...store, toRemove }, watch);
  return { removed, kept: extra.length + duplicates.length - removed };
}

function inWords(
  { written, present, extra, duplicates }: QueueRebuilt,
  jobs: JobTable,
  repeated: string[],
  removed: { removed: number; kept: number } | undefined,
): string {
  const words = [`${written} entries written, ${present} present before, for ${jobs.size} jobs`];
  if (repeated.length > 0) words.push(`${repeated.length} documents name a job that another one names already`);
  if (removed) words.push(`${removed.removed} extra entries removed, ${removed.kept} kept`);
  else {
    if (extra.length > 0) words.push(`${extra.length} entries stand for no eligible job`);
    if (duplicates.length > 0) words.push(`${duplicates.length} jobs have more than one entry`);
  }
  return words.join(', ');
}
