import { basesIn } from '../bases.ts';
import type { UnhashedPlan } from './plan.ts';
import { hooksAfter, hooksBefore } from './hook-steps.ts';
import { elsewhere } from '../hosts.ts';
import { isDeployed, storesOfKind, type HostName, type Platform } from '../platform.ts';
import { snapshotNameOf, type RecoveryPointId } from '../recovery-points/recovery-point.ts';
import type { BackupReason } from '../runs/started-by.ts';
import type { Step } from './steps.ts';
import { backUpSteps, checkSteps } from './streamed-steps.ts';
import { placesIn } from '../swarm-places.ts';

/**
 * Snapshots and dumps of all primary stores and the deployment side by side; each is verified; the manifest last: it is the
 * commit point.
 */
export function planBackup(situation: {
  platform: Platform;
  platformFileHash: string;
  host: HostName;
  recoveryPoint: RecoveryPointId;
  startedAt: string;
  /** What the run that takes the backup has restored. */
  restored?: RecoveryPointId;
  reason?: BackupReason;
}): UnhashedPlan {
  const { platform, recoveryPoint, restored, reason } = situation;
  const snapshot = snapshotNameOf(recoveryPoint);
  const checks = checkSteps(platform);
  const checked = checks.map(({ id }) => id);
  const prepared = storesOfKind(platform, 'elasticsearch').map(({ name }) => `prepare-${name}`);
  const hooks = hooksBefore(platform, [...prepared, ...checked]);
  const hooked = hooks.map(({ id }) => id).slice(-1);
  const stores = storesOfKind(platform, 'elasticsearch').flatMap(({ name, service }): Step[] => {
    const at = elsewhere(platform, service);
    return [
      {
        id: `prepare-${name}`,
        action: 'prepareStore',
        ...at,
        arguments: { store: name, snapshot, timeoutSeconds: platform.restore.outageSeconds },
        after: [],
      },
      {
        id: `snapshot-${name}`,
        action: 'takeSnapshot',
        ...at,
        arguments: { store: name, snapshot, recoveryPoint },
        after: [`prepare-${name}`, ...checked, ...hooked],
        // A backup that does not finish leaves nothing incomplete in the repository.
        undo: { action: 'discardSnapshot', arguments: { store: name, snapshot } },
      },
      {
        id: `verify-${name}`,
        action: 'verifyBackup',
        ...at,
        arguments: { store: name, snapshot, recoveryPoint },
        after: [`snapshot-${name}`],
      },
    ];
  });
  const idsOf = (wanted: Step['action']) => stores.filter(({ action }) => action === wanted).map(({ id }) => id);
  const mayBegin = [...prepared, ...checked];
  const streamed = backUpSteps(platform, recoveryPoint, [...mayBegin, ...hooked]);
  const read = streamed.filter(({ action }) => action === 'backUpStore').map(({ id }) => id);
  const hooksBack = hooksAfter(platform, [...idsOf('takeSnapshot'), ...read]);
  const capture: Step[] = !isDeployed(platform)
    ? []
    : [
        {
          id: 'capture-deployment',
          action: 'captureDeployment',
          arguments: { recoveryPoint },
          // In parallel with the snapshots, but not before they may begin: a backup that is refused leaves nothing.
          after: mayBegin,
        },
      ];
  const publish: Step = {
    id: 'publish',
    action: 'publishRecoveryPoint',
    arguments: {
      recoveryPoint,
      claimed: true,
      ...(restored !== undefined && { restored }),
      ...(reason !== undefined && { reason }),
    },
    after: [
      ...capture.map(({ id }) => id),
      ...idsOf('verifyBackup'),
      ...streamed.filter(({ action }) => action === 'verifyParts').map(({ id }) => id),
      ...hooksBack.map(({ id }) => id),
    ],
  };
  // In parallel with the new snapshot; nothing waits for it.
  const clear: Step = {
    id: 'clear-unfinished',
    action: 'clearUnfinished',
    arguments: { recoveryPoint },
    after: mayBegin,
  };
  return {
    version: 1,
    kind: 'backup',
    platform: platform.platform,
    host: situation.host,
    ...placesIn(platform),
    ...basesIn(platform),
    recoveryPoint: { id: recoveryPoint, startedAt: situation.startedAt },
    steps: [...checks, ...hooks, ...stores, ...streamed, ...hooksBack, ...capture, clear, publish],
    volumes: [],
    platformFileHash: situation.platformFileHash,
  };
}
