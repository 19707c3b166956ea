import { failed, passed, type Check } from '../../domain/checks.ts';
import type { JobTable, QueueEntry } from '../../domain/queue/job-table.ts';
import type { QueueDifference } from '../../domain/queue/comparison.ts';
import { entryNames, type NamedEntry } from '../../domain/queue/entry-names.ts';
import type { Watch } from '../../domain/watch.ts';
import { compareWithQueue } from './compare-queue.ts';
import { foldersOf, type QueuePlace } from './queue-place.ts';
import { readEntries } from './read-queue.ts';
import type { ZookeeperSession } from './requests.ts';

const shown = 3;
const anew =
  'rebuild the queue ("rekindle rebuild <platform> --remove-extra" also removes entries that stand for no job)';

export interface QueueVerification extends QueuePlace {
  /** In the order of their creation. */
  jobs: JobTable;
  /**
   * Given when producers and consumers go on: order is then not compared, and entries without a job are no fault. Asked
   * which of the jobs without an entry are still to be queued: a consumer that finished one since `jobs` was read ended
   * the job first, and removed its entry then.
   */
  stillWanted?: (missing: QueueEntry[]) => Promise<QueueEntry[]>;
}

/**
 * Does the queue hold exactly these jobs, each once, in their order (priority, then creation)? Every value is read.
 * Checks `queue entries`, `queue duplicates`, `queue order`, with counts and the first differences. Progress in entries.
 * Failures: ZookeeperUnreachable, WrongCredentials.
 */
export async function verifyQueue(
  session: ZookeeperSession,
  { jobs, stillWanted, ...place }: QueueVerification,
  watch: Watch = {},
): Promise<Check[]> {
  if (!stillWanted && (await isAsLaidOut(session, jobs, place, watch))) {
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
  const { missing, extra } = difference;
  if (!stillWanted)
    return [
      sameSet(missing, (job) => jobs.value(job), extra, counts),
      eachOnce(difference, counts),
      sameOrder(difference, counts),
    ];
  const entries = Array.from(missing, (job) => jobs.entry(job));
  return [
    livingSet(entries.length > 0 ? await stillWanted(entries) : entries, extra, counts),
    eachOnce(difference, counts),
  ];
}

/**
 * The queue as it was written anew, which is the rule after a restore: as many entries as jobs, and each job under its
 * own name. So nothing needs to be listed; when this does not hold, everything is compared.
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

type Several<T> = Iterable<T> & ArrayLike<T>;

function sameSet<T>(missing: Several<T>, valueOf: (job: T) => string, extra: NamedEntry[], counts: string): Check {
  if (missing.length + extra.length === 0) return passed('queue entries', counts);
  const evidence = [
    counts,
    ...list('missing', missing, valueOf),
    ...list('extra', extra, ({ name, value }) => `${value} (${name})`),
  ];
  return failed('queue entries', evidence.join('; '), `Stop the producers and consumers, then ${anew}`);
}

function livingSet(missing: QueueEntry[], extra: NamedEntry[], counts: string): Check {
  if (missing.length > 0) return sameSet(missing, ({ value }) => value, extra, counts);
  const more = extra.length > 0 ? `; ${extra.length} stand for jobs that have ended or were added since` : '';
  return passed('queue entries', counts + more);
}

function eachOnce({ duplicates }: QueueDifference, counts: string): Check {
  if (duplicates.length === 0) return passed('queue duplicates', `${counts}, no job twice`);
  const evidence = list('twice', duplicates, ({ name, value }) => `${value} (${name})`);
  return failed('queue duplicates', evidence.join(), `A job queued twice may run twice: ${anew}`);
}

function sameOrder({ firstDisorder }: QueueDifference, counts: string): Check {
  if (!firstDisorder) return passed('queue order', `${counts}, by priority and creation`);
  const { expected, found } = firstDisorder;
  return failed(
    'queue order',
    `First at job ${expected.value} of priority ${expected.priority}: found ${found.name} with ${found.value}`,
    'Remove the queue while its producers and consumers are stopped, and rebuild it',
  );
}

function list<T>(word: string, items: Several<T>, textOf: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const more = items.length > shown ? ', …' : '';
  return [`${items.length} ${word}: ${Array.from(items).slice(0, shown).map(textOf).join(', ')}${more}`];
}
