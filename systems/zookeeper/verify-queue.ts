import { failed, passed, type Check } from '../../domain/checks.ts';
import { compareQueue, type QueueComparison, type QueueEntry } from '../../domain/queue-layout.ts';
import type { Watch } from '../watch.ts';
import { readQueue } from './read-queue.ts';
import type { ZookeeperSession } from './requests.ts';

const shown = 3;

/**
 * Does the queue at `path` hold exactly these jobs, each once, in their order (priority, created, id)? Checks `queue
 * entries`, `queue duplicates`, `queue order`, with counts and the first differences. `jobs` in the order of their
 * creation. Progress in entries. Failures: ZookeeperUnreachable, WrongCredentials.
 * `living`: producers and consumers go on, so order is not compared and entries of jobs that ended are no fault.
 */
export async function verifyQueue(
  session: ZookeeperSession,
  { path, jobs, living = false }: { path: string; jobs: readonly QueueEntry[]; living?: boolean },
  watch: Watch = {},
): Promise<Check[]> {
  const { entries } = await readQueue(session, path, watch);
  const comparison = compareQueue(jobs, entries);
  const counts = `${entries.length} entries in ${path} for ${jobs.length} jobs`;
  const each = [sameSet(comparison, counts, living), eachOnce(comparison, counts)];
  return living ? each : [...each, sameOrder(comparison, counts)];
}

function sameSet({ missing, extra }: QueueComparison, counts: string, living: boolean): Check {
  if (missing.length + extra.length === 0) return passed('queue entries', counts);
  if (living && missing.length === 0)
    return passed('queue entries', `${counts}; ${extra.length} stand for jobs that have ended or were added since`);
  const evidence = [
    counts,
    ...list(
      'missing',
      missing.map(({ value }) => value),
    ),
    ...list(
      'extra',
      extra.map(({ name, value }) => `${value} (${name})`),
    ),
  ];
  return failed(
    'queue entries',
    evidence.join('; '),
    'stop producers and consumers and rebuild the queue; entries that stand for no job are removed by hand',
  );
}

function eachOnce({ duplicates }: QueueComparison, counts: string): Check {
  if (duplicates.length === 0) return passed('queue duplicates', `${counts}, no job twice`);
  const evidence = list(
    'twice',
    duplicates.map(({ name, value }) => `${value} (${name})`),
  );
  return failed(
    'queue duplicates',
    evidence.join(),
    'remove the further entries by hand: a job queued twice may run twice',
  );
}

function sameOrder({ firstDisorder }: QueueComparison, counts: string): Check {
  if (!firstDisorder) return passed('queue order', `${counts}, by priority and creation`);
  const { expected, found } = firstDisorder;
  return failed(
    'queue order',
    `first at job ${expected.value} of priority ${expected.priority}: found ${found.name} with ${found.value}`,
    'remove the queue while its producers and consumers are stopped, and rebuild it',
  );
}

function list(word: string, values: readonly string[]): string[] {
  if (values.length === 0) return [];
  const more = values.length > shown ? ', …' : '';
  return [`${values.length} ${word}: ${values.slice(0, shown).join(', ')}${more}`];
}
