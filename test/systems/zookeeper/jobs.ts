import type { QueueEntry } from '../../../domain/queue-layout.ts';

/** Jobs in the order of their creation, of mixed priorities, with ids as long as real ones. */
export function someJobs(count: number, first = 0): QueueEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    value: `job/${String(first + index).padStart(8, '0')}-4a5b-4c6d-8e7f-0123456789ab`,
    priority: [100, 999, 0, 50][(first + index) % 4] ?? 100,
  }));
}
