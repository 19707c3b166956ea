import { Failure } from './failures.ts';

/** A job that must stand in the queue: `value` is the job's id, `priority` 0–999, lower first. */
export interface QueueEntry {
  value: string;
  priority: number;
}

/** An entry as it stands, or shall stand, in ZooKeeper: the node's name and the job's id in it. */
export interface NamedEntry {
  name: string;
  value: string;
}

const lowestPriority = 999;

/** The prefix behind which kazoo's LockingQueue lets ZooKeeper put the sequence number: `entry-100-`. */
export function entryPrefix(priority: number): string {
  if (!Number.isInteger(priority) || priority < 0 || priority > lowestPriority)
    throw new Failure('QueueRefused', {
      message: `a job's priority is ${priority}: not a whole number from 0 to ${lowestPriority}`,
      remedy: 'mend the job document, or the default priority in the platform file',
    });
  return `entry-${String(priority).padStart(3, '0')}-`;
}

/** The name of an entry in kazoo's LockingQueue: `entry-100-0000000042`. Consumers take the lowest name first. */
export function entryName(priority: number, sequence: number): string {
  return `${entryPrefix(priority)}${String(sequence).padStart(10, '0')}`;
}

/** What a name says; undefined when it is not of kazoo's layout. */
export function parseEntryName(name: string): { priority: number; sequence: number } | undefined {
  const match = /^entry-(\d{3})-(\d{10})$/.exec(name);
  return match ? { priority: Number(match[1]), sequence: Number(match[2]) } : undefined;
}

/** By priority; within a priority the order given (created, id) stays. */
export function inQueueOrder(jobs: readonly QueueEntry[]): QueueEntry[] {
  return jobs.toSorted((a, b) => a.priority - b.priority);
}

/**
 * The entries of a queue written anew, numbered 0…N-1 in queue order, so that the same jobs always give the same names
 * and the next producer's number is N. `jobs` in the order of their creation. Failure: QueueRefused (priority out of
 * range, empty id, a job named twice).
 */
export function layoutQueue(jobs: readonly QueueEntry[]): NamedEntry[] {
  const seen = new Set<string>();
  return inQueueOrder(jobs).map(({ value, priority }, sequence) => {
    if (value === '' || seen.has(value))
      throw new Failure('QueueRefused', {
        message: value === '' ? 'a job has an empty id' : `the job ${value} is named twice`,
        remedy: 'mend the job documents; nothing was written',
      });
    seen.add(value);
    return { name: entryName(priority, sequence), value };
  });
}

/** How a queue differs from the jobs that it must hold, by value. */
export interface QueueComparison {
  /** Jobs without an entry, in queue order. */
  missing: QueueEntry[];
  /** Entries that stand for no such job. */
  extra: NamedEntry[];
  /** Further entries of a job that has one already. */
  duplicates: NamedEntry[];
  /** The first place where the queue's order is not that of the jobs; undefined when it is the same. */
  firstDisorder?: { expected: QueueEntry; found: NamedEntry };
}

/**
 * Compares by value, and then the order of what both sides hold. A queue numbered 0…N-1 was written anew: its order
 * must be the jobs' own. Any other was filled by producers over time: each entry must stand under its job's priority.
 */
export function compareQueue(jobs: readonly QueueEntry[], present: readonly NamedEntry[]): QueueComparison {
  const wanted = new Map(jobs.map((job) => [job.value, job]));
  const extra: NamedEntry[] = [];
  const duplicates: NamedEntry[] = [];
  const found = new Map<string, NamedEntry>();
  for (const entry of inNameOrder(present))
    if (!wanted.has(entry.value)) extra.push(entry);
    else if (found.has(entry.value)) duplicates.push(entry);
    else found.set(entry.value, entry);
  const ordered = inQueueOrder(jobs);
  const missing = ordered.filter(({ value }) => !found.has(value));
  const both = ordered.filter(({ value }) => found.has(value));
  const firstDisorder = isNumberedFromZero(present)
    ? exactDisorder(both, [...found.values()])
    : priorityDisorder(both, found);
  return { missing, extra, duplicates, ...(firstDisorder && { firstDisorder }) };
}

/** True when the sequence numbers are exactly 0…N-1, as on a node that was filled once and from which nobody took. */
export function isNumberedFromZero(present: readonly NamedEntry[]): boolean {
  const numbers = new Set(present.map(({ name }) => parseEntryName(name)?.sequence ?? -1));
  return numbers.size === present.length && [...numbers].every((number) => number >= 0 && number < present.length);
}

export function inNameOrder(entries: readonly NamedEntry[]): NamedEntry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function exactDisorder(both: readonly QueueEntry[], found: readonly NamedEntry[]): QueueComparison['firstDisorder'] {
  for (const [index, expected] of both.entries()) {
    const entry = found[index];
    if (entry && (entry.value !== expected.value || parseEntryName(entry.name)?.priority !== expected.priority))
      return { expected, found: entry };
  }
  return undefined;
}

function priorityDisorder(
  both: readonly QueueEntry[],
  found: ReadonlyMap<string, NamedEntry>,
): QueueComparison['firstDisorder'] {
  for (const expected of both) {
    const entry = found.get(expected.value);
    if (entry && parseEntryName(entry.name)?.priority !== expected.priority) return { expected, found: entry };
  }
  return undefined;
}
