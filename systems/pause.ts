import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two polls of something that takes long. */
export const pollMilliseconds = 250;

/** Waits, or throws the signal's reason at once. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    // The reason itself, not the AbortError that wraps it.
    signal?.throwIfAborted();
    throw error;
  });
}

/**
 * Milliseconds until something that has taken `elapsed` so far is polled again: `shortest` while it may end at once, then
 * so that its end is noticed at most a fiftieth of its time late, and within 2 s.
 */
export function growingInterval(elapsed: number, shortest: number): number {
  return Math.min(2_000, Math.max(shortest, elapsed / 50));
}
