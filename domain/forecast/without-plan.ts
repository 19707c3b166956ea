import type { Forecast } from '../runs/forecast.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import { mostRuns } from './step-time.ts';

const guess = { fixedSeconds: 90, bytesPerSecond: 40e6 };

/**
 * When preflight has found what makes planning impossible: as long as the newest restores took, else as the newest drills.
 * `outcomes`: the newest first.
 */
export function forecastWithoutPlan(
  outcomes: readonly RunOutcome[],
  totalBytes: number,
): Pick<Forecast, 'downtimeSeconds' | 'basis'> {
  for (const kind of ['restore', 'drill'] as const) {
    const took = outcomes
      .flatMap((outcome) => (outcome.kind === kind && outcome.recovery ? [outcome.recovery.tookSeconds] : []))
      .slice(0, mostRuns);
    const middle = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
    if (middle !== undefined)
      return { downtimeSeconds: middle, basis: `as ${took.length} ${kind}${took.length === 1 ? '' : 's'} took before` };
  }
  return {
    downtimeSeconds: Math.ceil(guess.fixedSeconds + totalBytes / guess.bytesPerSecond),
    basis: 'a guess: no restore or drill of this platform has passed yet',
  };
}
