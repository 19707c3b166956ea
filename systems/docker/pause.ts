import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at a container. */
export const pollMilliseconds = 200;

/** Waits, or throws the signal's reason at once. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await delay(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
