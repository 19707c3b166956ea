import { setTimeout as pause } from 'node:timers/promises';
import { overallVerdict, warned, type Check } from '../domain/checks.ts';
import type { JobTable, QueueEntry } from '../domain/queue/job-table.ts';
import type { ZookeeperQueueStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import type { Watch } from '../domain/watch.ts';
import { rebuildQueue, type QueueRebuilt } from '../systems/zookeeper/rebuild-queue.ts';
import { removeEntries } from '../systems/zookeeper/remove-entries.ts';
import type { ZookeeperSession } from '../systems/zookeeper/session.ts';
import { verifyQueue } from '../systems/zookeeper/verify-queue.ts';
import { activity } from './activity.ts';
import { failRunningJobs } from '../operations/queue/fail-running-jobs.ts';
import { ChecksFailed } from '../domain/checks-failed.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';
import { withSession } from '../operations/queue/queue-session.ts';
import { readQueueJobs, type QueueJobs } from '../operations/queue/read-jobs.ts';
import { runningList } from '../operations/queue/running-jobs.ts';

/** A producer writes the entry first and the document then: what has none after so long is nobody's. */
const removalPauseMs = 5000;
const namedJobs = 3;

interface OpenQueue {
  open: OpenPlatform;
  session: ZookeeperSession;
  store: ZookeeperQueueStore;
  readJobs: () => Promise<QueueJobs>;
}

/** Queues in ZooKeeper, made anew from the documents of their source. */
export function queueActivities(dependencies: Dependencies) {
  const onQueue = async (
    call: { platform: string; arguments: { store: string } },
    watch: Required<Watch>,
    work: (queue: OpenQueue) => Promise<StepOutcome>,
  ): Promise<StepOutcome> => {
    const open = await openPlatform(dependencies, call.platform);
    const store = storeNamed(open.platform, 'zookeeper-queue', call.arguments.store);
    return withSession(open, store, watch, (session) =>
      work({ open, session, store, readJobs: () => readQueueJobs(open, store, watch) }),
    );
  };

  return {
    failRunningJobs: activity((call: StepCall<'failRunningJobs'>, watch): Promise<StepOutcome> =>
      onQueue(call, watch, async ({ open, session, store }) => failRunningJobs(open, session, store, watch)),
    ),

    rebuildQueue: activity((call: StepCall<'rebuildQueue'>, watch): Promise<StepOutcome> =>
      onQueue(call, watch, async (queue) => {
        const { open, session, store, readJobs } = queue;
        const { jobs, repeated } = await readJobs();
        const stillWanted = stillWantedOf(readJobs);
        const rebuilt = await rebuildQueue(session, { ...store, jobs, stillWanted }, watch);
        const removed = call.arguments.removeExtra ? await removeExtra(queue, rebuilt, watch) : undefined;
        const checks = await tellRunning(open, call, rebuilt.runsAgain);
        return { summary: inWords(rebuilt, jobs, repeated, removed), checks };
      }),
    ),

    verifyQueue: activity((call: StepCall<'verifyQueue'>, watch): Promise<StepOutcome> =>
      onQueue(call, watch, async ({ session, store, readJobs }) => {
        const { exactOrder } = call.arguments;
        const { jobs } = await readJobs();
        const living = !exactOrder && { stillWanted: stillWantedOf(readJobs) };
        const checks = await verifyQueue(session, { ...store, jobs, ...living }, watch);
        if (overallVerdict(checks) !== 'pass')
          throw new ChecksFailed(`the queue ${store.path} is not that of the jobs`, checks);
        return {
          summary: `${jobs.size} entries, equal to the jobs${exactOrder ? ', in their order' : ''}`,
          checks,
        };
      }),
    ),
  };
}

/** Consumers of a living queue finish jobs meanwhile: those that are looked for in vain are asked for once more. */
function stillWantedOf(readJobs: OpenQueue['readJobs']) {
  return async (missing: QueueEntry[]): Promise<QueueEntry[]> => {
    const { jobs } = await readJobs();
    return missing.filter(({ value }) => jobs.find(value) !== undefined);
  };
}

/** Only what stands for no job still when it has been looked for again. */
async function removeExtra(
  { session, store, readJobs }: OpenQueue,
  { extra, duplicates }: QueueRebuilt,
  watch: Required<Watch>,
): Promise<{ removed: number; kept: number }> {
  if (extra.length + duplicates.length === 0) return { removed: 0, kept: 0 };
  await pause(removalPauseMs, undefined, { signal: watch.signal });
  const { jobs } = await readJobs();
  const doomed = [...extra.filter(({ value }) => jobs.find(value) === undefined), ...duplicates];
  const { removed } = await removeEntries(session, { ...store, doomed }, watch);
  return { removed, kept: extra.length + duplicates.length - removed };
}

/** Every job that will run a second time, for somebody to look at before the core services start. */
async function tellRunning(
  open: OpenPlatform,
  { run, arguments: { store } }: StepCall<'rebuildQueue'>,
  runsAgain: () => Iterable<QueueEntry>,
): Promise<Check[]> {
  const lines: string[] = [];
  for (const { value, priority } of runsAgain()) lines.push(`${value}\t${priority}\n`);
  if (lines.length === 0) return [];
  await open.catalogue.putRunObject(run, runningList(store), new TextEncoder().encode(lines.join('')));
  const named = lines.slice(0, namedJobs).map((line) => line.split('\t')[0]);
  const more = lines.length > namedJobs ? ', …' : '';
  return [
    warned(
      `running jobs ${store}`,
      `${lines.length} jobs ran at the time of the backup and will run again: ${named.join(', ')}${more}`,
      `look at them: "rekindle report ${open.platform.platform} ${run} --running"; the platform file's "running" says what becomes of such jobs`,
    ),
  ];
}

function inWords(
  { written, present, extra, duplicates }: QueueRebuilt,
  jobs: JobTable,
  repeated: string[],
  removed: { removed: number; kept: number } | undefined,
): string {
  const words = [`${written} entries written, ${present} were there, for ${jobs.size} jobs`];
  if (repeated.length > 0) words.push(`${repeated.length} documents name a job that another one names already`);
  if (removed) words.push(`${removed.removed} extra entries removed, ${removed.kept} kept`);
  else {
    if (extra.length > 0) words.push(`${extra.length} entries stand for no eligible job`);
    if (duplicates.length > 0) words.push(`${duplicates.length} jobs have a further entry`);
  }
  return words.join(', ');
}
