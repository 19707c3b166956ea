import { JobTable, type QueueEntry } from '../../../domain/queue/job-table.ts';
import { entryNames, type NamedEntry } from '../../../domain/queue/entry-names.ts';
import { readQueue } from '../../../systems/zookeeper/read-queue.ts';
import type { ZookeeperSession } from '../../../systems/zookeeper/session.ts';
import { queueStore } from '../../queue-store.ts';

/** As kazoo's LockingQueue has it. */
export const { entry } = queueStore();
export const names = entryNames(entry);

/** Jobs in the order of their creation, of mixed priorities, with ids as long as real ones. */
export function someJobs(count: number, first = 0): QueueEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    value: `job/${String(first + index).padStart(8, '0')}-4a5b-4c6d-8e7f-0123456789ab`,
    priority: [100, 999, 0, 50][(first + index) % 4] ?? 100,
  }));
}

export const tableOf = (jobs: readonly QueueEntry[]): JobTable => JobTable.of(jobs);

/** By priority, within one by creation. */
export const inQueueOrder = (jobs: readonly QueueEntry[]): QueueEntry[] =>
  jobs.toSorted((a, b) => a.priority - b.priority);

/** The entries of a queue written anew, in the order of their names. */
export const layoutOf = (jobs: readonly QueueEntry[]): NamedEntry[] =>
  sorted(jobs.map(({ value, priority }, index) => ({ name: names.name(priority, index), value })));

/** All that the queue holds, in the order in which consumers take it. */
export async function entriesOf(session: ZookeeperSession, path: string): Promise<NamedEntry[]> {
  const entries: NamedEntry[] = [];
  await readQueue(session, `${path}/entries`, () => (name, value) => void entries.push({ name, value }));
  return sorted(entries);
}

const sorted = (entries: readonly NamedEntry[]): NamedEntry[] =>
  entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
