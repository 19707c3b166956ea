import { condition } from '@temporalio/workflow';
import { announceEnd, announceWaiting } from './announce.ts';
import { recordOf } from './failure-record.ts';
import type { Run } from './open-run.ts';

/** A typo in the platform file is corrected within minutes, a host is away for days: the history must bear both. */
const firstPauseSeconds = 5;
const longestPauseSeconds = 3600;

/** For a workflow that must not fail: it says what stands in its way, and tries again. */
export interface Obstacle {
  /** Resolves when it is time to try again, or when `sooner` comes true; the pauses grow to an hour. */
  wait(error: unknown, sooner: () => boolean): Promise<void>;
  /** The next failure is a new one. Resolves when those who were told of the last one know that it is over. */
  clear(): Promise<unknown>;
}

export function openObstacle(run: Run): Obstacle {
  const { progress } = run;
  let pauseSeconds = firstPauseSeconds;
  let stopAnnouncing: (() => void) | undefined;

  function forget(): void {
    stopAnnouncing?.();
    stopAnnouncing = undefined;
    pauseSeconds = firstPauseSeconds;
    if (progress.obstacle === undefined) return;
    delete progress.obstacle;
    run.show();
  }

  return {
    async wait(error, sooner) {
      const { kind, message, remedy } = recordOf(error);
      const failure = { kind, message, remedy };
      if (progress.obstacle?.failure.message !== message) forget();
      const since = progress.obstacle?.since ?? run.now();
      const nextTryAt = new Date(Date.now() + pauseSeconds * 1000).toISOString();
      progress.obstacle = { failure, since, nextTryAt };
      run.show();
      stopAnnouncing ??= announceWaiting(run, { for: 'repair', failure });
      await condition(sooner, pauseSeconds * 1000, { summary: `try again after: ${message}`.slice(0, 150) });
      pauseSeconds = Math.min(2 * pauseSeconds, longestPauseSeconds);
    },
    async clear() {
      forget();
      if (run.waited) await announceEnd(run, [{ ...progress, finishedAt: run.now() }]);
    },
  };
}
