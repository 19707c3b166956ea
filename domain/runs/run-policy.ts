import { announcesOf } from '../notifications/announcement.ts';
import type { HostName, Platform } from '../platform.ts';
import type { RunPolicy } from './run.ts';

/** A queue is rebuilt, or waited for, within an hour. */
const queueSeconds = 3600;

/** Where a run does its work, and what the platform file says of approval and patience. */
export function runPolicyOf(platform: Platform, place: { host: HostName; taskQueue: string }): RunPolicy {
  const longest = platform.stores.map((store) => {
    if (store.kind === 'elasticsearch') return Math.max(store.restoreTimeoutSeconds, store.snapshotTimeoutSeconds);
    return store.kind === 'container' ? store.timeoutSeconds : queueSeconds;
  });
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
    runningBackup,
    quarantineHours,
    outageSeconds,
    limits: { healthTimeoutSeconds, settleSeconds, stopGraceSeconds },
    longestSeconds: Math.max(...longest),
    ...(announces && { announces }),
  };
}
