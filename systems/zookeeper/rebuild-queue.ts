import { Failure } from '../../domain/failures.ts';
import type { JobTable, QueueEntry } from '../../domain/queue/job-table.ts';
import { entryNames, type NamedEntry } from '../../domain/queue/entry-names.ts';
import type { Watch } from '../../domain/watch.ts';
import { compareWithQueue } from './compare-queue.ts';
import { inFlight } from './in-flight.ts';
import { foldersOf, type QueuePlace } from './queue-place.ts';
import type { NewNode, ZookeeperSession } from './requests.ts';
import { transactions } from './transactions.ts';

const transactionsInFlight = 4;
const maxAttempts = 3;

export interface QueueRebuild extends QueuePlace {
  /** All that must stand in the queue, in the order of their creation; priorities may be mixed. */
  jobs: JobTable;
  /**
   * Asked before anything is added to a living queue: which of these jobs are still to be queued? A consumer may have
   * finished one since `jobs` was read, and its entry went with it. Absent: all of them.
   */
  stillWanted?: (missing: QueueEntry[]) => Promise<QueueEntry[]>;
}

export interface QueueRebuilt {
  /** True: the queue was new, and its entries are numbered 0…N-1 in the order of the jobs' creation. */
  fresh: boolean;
  /** Entries written by this call, and those that were there. */
  written: number;
  present: number;
  /** Jobs that had no entry before this call. */
  missing: number;
  /** Entries that stand for no such job, and further entries of a job that has one: reported, not touched. */
  extra: NamedEntry[];
  duplicates: NamedEntry[];
  /** Locks that consumers hold: kept. */
  taken: number;
  /** Jobs that ran at the time of the backup and wait in the queue by this call, or by the one that it repeats. */
  runsAgain: () => Iterable<QueueEntry>;
}

/**
 * Makes the queue hold every job once, in kazoo's layout: names that order by priority, then by number. On a new queue,
 * or one that an interrupted call began, the numbers are the jobs' own, so that a repeat finishes the same names and the
 * next producer goes on behind them. On a living queue only what is missing is added, each behind the last of its
 * priority. Progress in entries. Failures: ZookeeperUnreachable (repeat it), QueueRefused, WrongCredentials.
 */
export async function rebuildQueue(
  session: ZookeeperSession,
  { jobs, stillWanted, ...place }: QueueRebuild,
  watch: Watch = {},
): Promise<QueueRebuilt> {
  const { entries, locks } = foldersOf(place);
  const names = entryNames(place.entry);
  await createFolders(session, place);
  for (let attempt = 1; ; attempt += 1) {
    const seen = await compareWithQueue(session, { ...place, jobs }, watch);
    const { missing, extra, duplicates } = seen.result();
    const taken = (await session.countChildren(locks))?.present ?? 0;
    const explicit = (job: number): NewNode => ({
      path: `${entries}/${names.name(jobs.priority(job), job)}`,
      data: jobs.value(job),
    });
    const sequential = ({ value, priority }: QueueEntry): NewNode => ({
      path: `${entries}/${names.prefix(priority)}`,
      data: value,
      sequential: true,
    });
    const added = seen.fresh ? missing : await confirmed(missing, jobs, stillWanted);
    const node = (job: number | QueueEntry) => (typeof job === 'number' ? explicit(job) : sequential(job));
    // The last requests of a killed predecessor may land after the queue was read: then it is read again.
    if ((await write(session, made(added, node), added.length, watch)) === 'exists') {
      if (attempt < maxAttempts) continue;
      throw refusedBecauseOthersWrite(entries);
    }
    return {
      fresh: seen.fresh,
      written: added.length,
      present: seen.seen,
      missing: missing.length,
      extra,
      duplicates,
      taken,
      runsAgain: () => runningAmong(jobs, seen.fresh ? undefined : added),
    };
  }
}

/** A chroot is made on a ZooKeeper that holds nothing yet; on any other its absence is a mistake in the platform file. */
async function createFolders(session: ZookeeperSession, place: QueuePlace): Promise<void> {
  const { chroot = '', path } = place;
  if (chroot !== '' && (await session.countChildren(chroot)) === undefined) {
    const others = (await session.children('/'))?.names.filter((name) => name !== 'zookeeper') ?? [];
    if (others.length > 0) throw noChroot(chroot, session.hosts, others);
  }
  const { entries, locks } = foldersOf(place);
  for (const folder of [...nodesOnTheWay(`${chroot}${path}`), locks, entries])
    await session.create([{ path: folder, data: '' }]);
}

/** `/a/b` → `/a`, `/a/b`. */
function nodesOnTheWay(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

async function confirmed(
  missing: Uint32Array,
  jobs: JobTable,
  stillWanted: QueueRebuild['stillWanted'],
): Promise<QueueEntry[]> {
  const entries = Array.from(missing, (job) => jobs.entry(job));
  return entries.length > 0 && stillWanted ? stillWanted(entries) : entries;
}

/** Whole transactions, several on their way; one session applies them in the order they were sent. */
async function write(
  session: ZookeeperSession,
  nodes: Iterable<NewNode>,
  total: number,
  { signal, onProgress }: Watch,
): Promise<'written' | 'exists'> {
  const seen = { done: 0, collided: false };
  const create = async (batch: NewNode[]) => {
    if (seen.collided) return;
    if ((await session.create(batch)) === 'exists') seen.collided = true;
    seen.done += batch.length;
    onProgress?.({ done: seen.done, total, unit: 'entries', note: 'writing the queue' });
  };
  await inFlight(transactions(nodes), transactionsInFlight, create, signal);
  return seen.collided ? 'exists' : 'written';
}

/** Each node is made when its transaction is, so that a million of them never exist at once. */
function* made<T>(jobs: Iterable<T>, node: (job: T) => NewNode): Generator<NewNode> {
  for (const job of jobs) yield node(job);
}

function* runningAmong(jobs: JobTable, added: ArrayLike<number | QueueEntry> | undefined): Generator<QueueEntry> {
  const count = added?.length ?? jobs.size;
  for (let index = 0; index < count; index++) {
    const job = added?.[index] ?? index;
    const entry = typeof job === 'number' ? jobs.entry(job) : job;
    if (entry.running) yield entry;
  }
}

function refusedBecauseOthersWrite(path: string): Failure {
  return new Failure('QueueRefused', {
    message: `The queue ${path} changes while it is written: entries appear under the next numbers`,
    remedy: 'Stop the producers and consumers of the queue, then repeat the step',
  });
}

function noChroot(chroot: string, hosts: string, others: string[]): Failure {
  const shown = others.slice(0, 5).map((name) => `/${name}`);
  return new Failure('QueueRefused', {
    message: `The chroot ${chroot} is missing on ZooKeeper at ${hosts}, which holds ${shown.join(', ')}`,
    remedy: 'Correct "chroot" of the store in the platform file, or create that node; nothing was written',
  });
}
