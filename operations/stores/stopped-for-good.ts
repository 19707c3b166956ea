import { Failure } from '../../domain/failures.ts';
import { StandingStill } from '../../systems/docker/standing-still.ts';

/** Engines that restart and people who start a server again are faster. */
const patienceSeconds = 60;

/**
 * For one wait: to be called with each failure. A container that has stood still for a minute does not come back
 * unaided. Failure: ServiceStopped, with the command that starts it.
 */
export function giveUpOnStopped(now: () => number = Date.now): (error: unknown) => void {
  let firstSeen: number | undefined;
  return (error) => {
    if (!(error instanceof StandingStill)) return;
    firstSeen ??= now();
    const since = Math.min(firstSeen, error.since ?? firstSeen);
    if (now() - since < patienceSeconds * 1000) return;
    throw new Failure('ServiceStopped', error, { cause: error });
  };
}
