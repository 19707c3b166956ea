import { failed, passed, type Check } from '../../domain/checks.ts';
import type { JobTable } from '../../domain/queue/job-table.ts';
import type { QueueDifference } from '../../domain/queue/comparison.ts';
import { entryNames } from '../../domain/queue/entry-names.ts';
import type { Watch } from '../watch.ts';
import { compareWithQueue } from './compare-queue.ts';
import { foldersOf, type QueuePlace } from './queue-place.ts';
import { readEntries } from './read-queue.ts';
import type { ZookeeperSession } from './requests.ts';

const shown = 3;
const anew = 'rebuild the queue ("rekindle rebuild <platform> --remove-extra" also removes what stands for no job)';

export interface QueueVerification extends QueuePlace {
  /** In the order of their creation. */
  jobs: JobTable;
  /** Producers and consumers go on: order is not compared, and entries of jobs that ended are no fault. */
  living?: boolean;
}

/**
 * Does the queue hold exactly these jobs, each once, in their order (priority, then creation)? Every value is read.
 * Checks `queue entries`, `queue duplicates`, `queue order`, with counts and the first differences. Progress in entries.
 * Failures: ZookeeperUnreachable, WrongCredentials.
 */
export async function verifyQueue(
  session: ZookeeperSession,
  { jobs, living = false, ...place }: QueueVerification,
  watch: Watch = {},
): Promise<Check[]> {
  if (!living && (await isAsLaidOut(session, jobs, place, watch))) {
    const counts = countsOf(jobs.size, jobs, place);
    return [
      passed('queue entries', counts),
      passed('queue duplicates', `${counts}, no job twice`),
      passed('queue order', `${counts}, by priority and creation`),
    ];
  }
  const { seen, result } = await compareWithQueue(session, { ...place, jobs }, watch);
  const difference = result();
  const counts = countsOf(seen, jobs, place);
  const each = [sameSet(difference, counts, living, jobs), eachOnce(difference, counts)];
  return living ? each : [...each, sameOrder(difference, counts)];
}

/**
 * The queue as it was written anew, which is the rule after a restore: as many entries as jobs, and each job under its
 * own name. So nothing needs to be listed, and what is not so is found out by comparing all.
 */
async function isAsLaidOut(
  session: ZookeeperSession,
  jobs: JobTable,
  place: QueuePlace,
  watch: Watch,
): Promise<boolean> {
  const { entries } = foldersOf(place);
  if (((await session.countChildren(entries))?.present ?? 0) !== jobs.size) return false;
  const names = entryNames(place.entry);
  const differs = new AbortController();
  function* expected(): Generator<string> {
    for (let job = 0; job < jobs.size && !differs.signal.aborted; job++) yield names.name(jobs.priority(job), job);
  }
  const see = (name: string, value: string | undefined) => {
    const job = names.parse(name)?.sequence ?? -1;
    if (value !== jobs.value(job)) differs.abort();
  };
  await readEntries(session, entries, expected(), see, { ...watch, total: jobs.size });
  return !differs.signal.aborted;
}

function countsOf(entries: number, jobs: JobTable, place: QueuePlace): string {
  return `${entries} entries in ${foldersOf(place).entries} for ${jobs.size} jobs`;
}

function sameSet({ missing, extra }: QueueDifference, counts: string, living: boolean, jobs: JobTable): Check {
  if (missing.length + extra.length === 0) return passed('queue entries', counts);
  if (living && missing.length === 0)
    return passed('queue entries', `${counts}; ${extra.length} stand for jobs that have ended or were added since`);
  const evidence = [
    counts,
    ...list('missing', missing, (job) => jobs.value(job)),
    ...list('extra', extra, ({ name, value }) => `${value} (${name})`),
  ];
  return failed('queue entries', evidence.join('; '), `stop producers and consumers, then ${anew}`);
}

function eachOnce({ duplicates }: QueueDifference, counts: string): Check {
  if (duplicates.length === 0) return passed('queue duplicates', `${counts}, no job twice`);
  const evidence = list('twice', duplicates, ({ name, value }) => `${value} (${name})`);
  return failed('queue duplicates', evidence.join(), `a job queued twice may run twice: ${anew}`);
}

function sameOrder({ firstDisorder }: QueueDifference, counts: string): Check {
  if (!firstDisorder) return passed('queue order', `${counts}, by priority and creation`);
  const { expected, found } = firstDisorder;
  return failed(
    'queue order',
    `first at job ${expected.value} of priority ${expected.priority}: found ${found.name} with ${found.value}`,
    'remove the queue while its producers and consumers are stopped, and rebuild it',
  );
}

function list<T>(word: string, items: Iterable<T> & ArrayLike<T>, textOf: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const more = items.length > shown ? ', …' : '';
  return [`${items.length} ${word}: ${Array.from(items).slice(0, shown).map(textOf).join(', ')}${more}`];
}
