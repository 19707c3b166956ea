import { isUnreachable } from '../failures.ts';
import { pause } from '../../pause.ts';

/** An engine that was restarted is back within this; what is longer away is the next run's. */
const limitSeconds = 60;

/** For what must not be left behind: tried again while the engine is away, for a minute. */
export async function outwait<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + limitSeconds * 1000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > deadline) throw error;
    }
    await pause(500);
  }
}
