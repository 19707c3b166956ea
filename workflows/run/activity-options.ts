import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { HostName, StoreName } from '../../domain/platform.ts';
import { taskQueueOf } from '../../domain/runs/run-policy.ts';
import type { RunPolicy } from '../../domain/runs/run.ts';
import type { Action } from '../../domain/plans/steps.ts';
import type { StepArguments } from '../../domain/plans/step-arguments.ts';

/** What was stopped must run again, so undoing is tried for this long even where the run itself is less patient. */
const undoSeconds = 120;

/** What has no limit of its own in the platform file, is done within this. */
const usualSeconds = 600;

/** Pauses between attempts grow to this; a server that comes back is noticed within it. */
const longestPauseSeconds = 5;

/** Look-ups on the shared queue, before it is known which host carries the platform. */
export const shared = proxyActivities<Activities>({ startToCloseTimeout: '30 seconds', retry: { maximumAttempts: 5 } });

/** Comes first: which host's worker does the rest, and with how much patience. */
export const locate = (platform: string): Promise<RunPolicy> =>
  shared.locate.executeWithOptions({ summary: `read the platform file of ${platform}` }, [{ platform }]);

/** The worker polls, outside of this run's history, for as long as it takes; another one goes on when that worker dies. */
export const waiting = proxyActivities<Activities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/** Resolves when no run holds the platform any more. Another may take the lock before the caller does. */
export const awaitUnlocked = (platform: string): Promise<void> =>
  waiting.awaitUnlocked.executeWithOptions({ summary: `wait until no run holds ${platform}` }, [{ platform }]);

/**
 * As many attempts as fit into the outage that the platform file tolerates, if each fails at once. An attempt that used up
 * its time is the last: another would only multiply the limit. A worker that died is noticed by its missing heartbeats,
 * and another attempt follows.
 */
function patience(outageSeconds: number): ActivityOptions['retry'] {
  return {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: `${longestPauseSeconds} seconds`,
    maximumAttempts: Math.ceil(outageSeconds / longestPauseSeconds) + 3,
    nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'],
  };
}

/** Activities on the platform's host that are no steps: planning, reports, marks. */
export function onHost(policy: RunPolicy): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>({
    taskQueue: policy.taskQueue,
    startToCloseTimeout: `${usualSeconds} seconds`,
    heartbeatTimeout: '5 seconds',
    retry: patience(policy.outageSeconds),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}

/**
 * Options of a step: a cancellation counts only after the step has finished or undone its work (containers are being
 * stopped, data is being written), and a worker's death is noticed within the heartbeat timeout.
 */
export function stepOptions<A extends Action>(
  policy: RunPolicy,
  step: { id: string; action: A; host?: HostName; arguments: StepArguments[A]; undoes?: true },
  summary: string,
): ActivityOptions {
  const { undoes, host } = step;
  return {
    activityId: step.id,
    summary,
    taskQueue: host === undefined ? policy.taskQueue : taskQueueOf(policy, host),
    startToCloseTimeout: `${longestSecondsOf(policy, step)} seconds`,
    heartbeatTimeout: '5 seconds',
    retry: patience(undoes ? Math.max(policy.outageSeconds, undoSeconds) : policy.outageSeconds),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  };
}

/** How long one attempt may take. Steps with a time limit of their own get a minute more, to report it themselves. */
function longestSecondsOf<A extends Action>(
  policy: RunPolicy,
  step: { action: A; arguments: StepArguments[A] },
): number {
  const args = step.arguments as Partial<
    Record<'timeoutSeconds' | 'healthTimeoutSeconds' | 'graceSeconds' | 'stopGraceSeconds', number>
  >;
  const own = args.timeoutSeconds ?? args.healthTimeoutSeconds ?? args.graceSeconds;
  if (own !== undefined) return own + (args.stopGraceSeconds ?? 0) + 60;
  const { store } = step.arguments as { store?: StoreName };
  const limits = store === undefined ? undefined : policy.storeLimits[store];
  if (limits === undefined) return usualSeconds;
  switch (step.action) {
    case 'takeSnapshot':
    case 'backUpStore':
    case 'deleteSnapshots':
      return limits.snapshotSeconds + 60;
    case 'copyIndices':
    case 'verifyCopied':
    case 'restoreIndices':
    case 'verifyParts':
    case 'restoreParts':
    case 'compareStore':
    case 'verifyIndices':
    case 'failRunningJobs':
    case 'rebuildQueue':
    case 'verifyQueue':
    case 'runContainer':
      return limits.restoreSeconds + 60;
    default:
      return usualSeconds;
  }
}
