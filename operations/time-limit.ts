import { Failure } from '../domain/failures.ts';

/**
 * A step with a time limit of its own has used it up. It is not retried, or the limit would be multiplied by the
 * number of attempts. Kind, message and remedy are those of the failure.
 */
export class WaitedOut extends Failure {
  constructor({ kind, message, remedy }: Failure) {
    super(kind, { message, remedy });
  }
}

/** Runs `wait`; a failure that came after its own limit of seconds is final, one that came before may be retried. */
export async function withinLimit<T>(limitSeconds: number, wait: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await wait();
  } catch (error) {
    // Half a second of slack: timers fire early by rounding.
    const over = performance.now() - startedAt >= (limitSeconds - 0.5) * 1000;
    throw over && error instanceof Failure ? new WaitedOut(error) : error;
  }
}
