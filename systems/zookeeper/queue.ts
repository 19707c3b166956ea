import { Failure } from '../../domain/failures.ts';
import { compareQueue, entryPrefix, layoutQueue, type NamedEntry, type QueueEntry } from '../../domain/queue-layout.ts';
import type { Watch } from '../watch.ts';
import { inFlight } from './in-flight.ts';
import { readQueue } from './read-queue.ts';
import type { NewNode, ZookeeperSession } from './requests.ts';
import { transactions } from './transactions.ts';

export { verifyQueue } from './verify-queue.ts';
export { readQueue } from './read-queue.ts';

const transactionsInFlight = 4;
const maxAttempts = 3;

export interface QueueRebuild {
  /** The queue's node, `/job`. */
  path: string;
  /** All that must stand in the queue, in the order of their creation (created, id); priorities may be mixed. */
  jobs: readonly QueueEntry[];
  /**
   * Asked before anything is added to a living queue: which of these jobs are still to be queued? A consumer may have
   * finished one since `jobs` was read, and its entry went with it. Absent: all of them.
   */
  stillWanted?: (missing: QueueEntry[]) => Promise<QueueEntry[]>;
}

export interface QueueRebuilt {
  /** True: the queue was new, and its entries are numbered 0…N-1 in the jobs' order. */
  fresh: boolean;
  /** Entries written by this call, and those that were there. */
  written: number;
  present: number;
  /** Jobs that had no entry before this call. */
  missing: number;
  /** Ids of entries that stand for no such job, and of jobs that have more than one entry: reported, not touched. */
  extra: string[];
  duplicates: string[];
  /** Locks that consumers hold: kept. */
  taken: number;
}

/**
 * Makes the queue at `path` hold every job once, as kazoo's LockingQueue lays it out. On a new queue, or one that an
 * interrupted call began, the names are explicit, so that a repeat finishes the same numbering. On a living queue only
 * what is missing is added, each behind the last of its priority. Progress in entries.
 * Failures: ZookeeperUnreachable (repeat it), QueueRefused, WrongCredentials.
 */
export async function rebuildQueue(
  session: ZookeeperSession,
  { path, jobs, stillWanted }: QueueRebuild,
  watch: Watch = {},
): Promise<QueueRebuilt> {
  const layout = layoutQueue(jobs);
  await createParents(session, path);
  for (let attempt = 1; ; attempt += 1) {
    const { entries: present, created } = await readQueue(session, path, watch);
    const taken = (await session.children(`${path}/taken`))?.names.length ?? 0;
    const fresh = created === present.length && isPartOf(present, layout);
    const { missing, extra, duplicates } = compareQueue(jobs, present);
    const there = new Set(present.map(({ name }) => name));
    const nodes = fresh
      ? layout.filter(({ name }) => !there.has(name)).map(explicitNode(path))
      : (await confirmed(missing, stillWanted)).map(sequentialNode(path));
    // The last requests of a killed predecessor may land after the queue was read: then it is read again.
    if ((await write(session, nodes, watch)) === 'exists') {
      if (attempt < maxAttempts) continue;
      throw refusedBecauseOthersWrite(path);
    }
    return {
      fresh,
      written: nodes.length,
      present: present.length,
      missing: missing.length,
      extra: extra.map(({ value }) => value),
      duplicates: duplicates.map(({ value }) => value),
      taken,
    };
  }
}

async function createParents(session: ZookeeperSession, path: string): Promise<void> {
  const parts = path.split('/').filter((part) => part !== '');
  const parents = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  for (const parent of [...parents, `${path}/taken`, `${path}/entries`])
    await session.create([{ path: parent, data: '' }]);
}

/** Nothing is there that this rebuild would not have written: a new queue, or the beginning of one. */
function isPartOf(present: readonly NamedEntry[], layout: readonly NamedEntry[]): boolean {
  const planned = new Map(layout.map(({ name, value }) => [name, value]));
  return present.every(({ name, value }) => planned.get(name) === value);
}

async function confirmed(missing: QueueEntry[], stillWanted: QueueRebuild['stillWanted']): Promise<QueueEntry[]> {
  return missing.length > 0 && stillWanted ? stillWanted(missing) : missing;
}

function explicitNode(path: string) {
  return ({ name, value }: NamedEntry): NewNode => ({ path: `${path}/entries/${name}`, data: value });
}

function sequentialNode(path: string) {
  return ({ value, priority }: QueueEntry): NewNode => ({
    path: `${path}/entries/${entryPrefix(priority)}`,
    data: value,
    sequential: true,
  });
}

/** One session applies its transactions in the order they were sent, so that an interruption leaves a whole beginning. */
async function write(
  session: ZookeeperSession,
  nodes: readonly NewNode[],
  { signal, onProgress }: Watch,
): Promise<'written' | 'exists'> {
  const seen = { done: 0, collided: false };
  const create = async (batch: NewNode[]) => {
    if (seen.collided) return;
    if ((await session.create(batch)) === 'exists') seen.collided = true;
    seen.done += batch.length;
    onProgress?.({ done: seen.done, total: nodes.length, unit: 'entries', note: 'writing the queue' });
  };
  await inFlight(transactions(nodes), transactionsInFlight, create, signal);
  return seen.collided ? 'exists' : 'written';
}

function refusedBecauseOthersWrite(path: string): Failure {
  return new Failure('QueueRefused', {
    message: `the queue ${path} changes while it is written: entries appear under the numbers that are next`,
    remedy: 'stop the producers and consumers of the queue, then repeat the step',
  });
}
