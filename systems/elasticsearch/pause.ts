import { setTimeout as sleep } from 'node:timers/promises';
import type { Watch } from '../watch.ts';

/** Milliseconds between two looks at something long. */
export const pollInterval = 300;

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
