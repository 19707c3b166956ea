import type { JobTable } from '../../domain/queue/job-table.ts';
import { QueueComparison } from '../../domain/queue/comparison.ts';
import { entryNames } from '../../domain/queue/entry-names.ts';
import type { Watch } from '../../domain/watch.ts';
import { foldersOf, type QueuePlace } from './queue-place.ts';
import { readQueue } from './read-queue.ts';
import type { ZookeeperSession } from './requests.ts';

/** What the queue holds beside what it must hold. `fresh`: nothing but what a new queue of these jobs would hold. */
export async function compareWithQueue(
  session: ZookeeperSession,
  { jobs, ...place }: QueuePlace & { jobs: JobTable },
  watch: Watch = {},
): Promise<{ fresh: boolean; seen: number; result: QueueComparison['result'] }> {
  let created = 0;
  let comparison: QueueComparison | undefined;
  await readQueue(
    session,
    foldersOf(place).entries,
    (counts) => {
      created = counts.created;
      const opened = new QueueComparison(jobs, entryNames(place.entry), counts.present);
      comparison = opened;
      return (name, value) => opened.see(name, value);
    },
    watch,
  );
  const done = comparison ?? new QueueComparison(jobs, entryNames(place.entry), 0);
  return { fresh: created === done.seen && done.isPartOfNew, seen: done.seen, result: () => done.result() };
}
