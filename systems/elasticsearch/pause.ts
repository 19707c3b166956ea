import { setTimeout as sleep } from 'node:timers/promises';
import type { Watch } from '../../domain/watch.ts';

/** Milliseconds between two looks at something long. */
export const pollInterval = 300;

/**
 * Milliseconds until the next look at something that has taken `elapsed` so far: `shortest` while it may end at once, then
 * so that its end is noticed a hundredth of its time late.
 */
export function growingInterval(elapsed: number, shortest: number): number {
  return Math.min(2_000, Math.max(shortest, elapsed / 50));
}

/** Waits for the next look; throws the abort's reason when the work was cancelled. */
export async function pause(watch: Watch, milliseconds = pollInterval): Promise<void> {
  watch.signal?.throwIfAborted();
  try {
    await sleep(milliseconds, undefined, { signal: watch.signal });
  } catch (error) {
    watch.signal?.throwIfAborted();
    throw error;
  }
}
