import { announcesOf } from '../notifications/announcement.ts';
import { isScrubbed } from '../plans/plan-scrub.ts';
import type { HostName, Platform, Store } from '../platform.ts';
import type { RunPolicy, StoreLimits } from './run.ts';

/** A queue is rebuilt, or waited for, within an hour. */
const queueSeconds = 3600;

/** Where a run does its work, and what the platform file says of approval and patience. */
export function runPolicyOf(platform: Platform, place: Pick<RunPolicy, 'host' | 'taskQueue' | 'traced'>): RunPolicy {
  const { approval, approvers, approvalsNeeded, approvalTimeoutSeconds } = platform.restore;
  const { runningBackup, quarantineHours, outageSeconds } = platform.restore;
  const { healthTimeoutSeconds, settleSeconds, stopGraceSeconds } = platform.deployment;
  const announces = announcesOf(platform);
  return {
    ...place,
    approval,
    approvers,
    approvalsNeeded,
    approvalTimeoutSeconds,
    ...(platform.restore.authenticated && { authenticated: true as const }),
    runningBackup,
    quarantineHours,
    outageSeconds,
    limits: { healthTimeoutSeconds, settleSeconds, stopGraceSeconds },
    storeLimits: Object.fromEntries(platform.stores.map((store) => [store.name, limitsOf(store)])),
    ...(announces && { announces }),
    ...(isScrubbed(platform) && { scrubs: true as const }),
  };
}

function limitsOf(store: Store): StoreLimits {
  if (store.kind === 'elasticsearch')
    return { snapshotSeconds: store.snapshotTimeoutSeconds, restoreSeconds: store.restoreTimeoutSeconds };
  if ('backupTimeoutSeconds' in store)
    return { snapshotSeconds: store.backupTimeoutSeconds, restoreSeconds: store.restoreTimeoutSeconds };
  const seconds = store.kind === 'container' ? store.timeoutSeconds : queueSeconds;
  return { snapshotSeconds: seconds, restoreSeconds: seconds };
}

/** The task queue of a host, made from that of the platform's own: hosts differ in the name alone. */
export function taskQueueOf({ host, taskQueue }: Pick<RunPolicy, 'host' | 'taskQueue'>, wanted: HostName): string {
  return `${taskQueue.slice(0, taskQueue.length - host.length)}${wanted}`;
}
