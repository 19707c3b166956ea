import type { UnsealedPlan } from './plan.ts';
import { storesOfKind, type HostName, type Platform } from './platform.ts';
import { snapshotNameOf, type RecoveryPointId } from './recovery-point.ts';
import type { Step } from './steps.ts';

/** Snapshots of all primary stores and the deployment side by side; the manifest last: it is the commit point. */
export function planBackup(situation: {
  platform: Platform;
  platformFileHash: string;
  host: HostName;
  recoveryPoint: RecoveryPointId;
  startedAt: string;
}): UnsealedPlan {
  const { platform, recoveryPoint } = situation;
  const stores = storesOfKind(platform, 'elasticsearch').flatMap(({ name }): Step[] => [
    {
      id: `await-${name}`,
      action: 'awaitStore',
      arguments: { store: name, timeoutSeconds: platform.restore.outageSeconds },
      after: [],
    },
    {
      id: `repository-${name}`,
      action: 'configureRepository',
      arguments: { store: name, access: 'writable' },
      after: [`await-${name}`],
    },
    {
      id: `snapshot-${name}`,
      action: 'takeSnapshot',
      arguments: { store: name, snapshot: snapshotNameOf(recoveryPoint), recoveryPoint },
      after: [`repository-${name}`],
      // A backup that does not come to its end leaves no half of it in the repository.
      undo: { action: 'discardSnapshot', arguments: { store: name, snapshot: snapshotNameOf(recoveryPoint) } },
    },
  ]);
  const capture: Step = {
    id: 'capture-deployment',
    action: 'captureDeployment',
    arguments: { recoveryPoint },
    after: [],
  };
  const publish: Step = {
    id: 'publish',
    action: 'publishRecoveryPoint',
    arguments: { recoveryPoint, claimed: true },
    after: [capture.id, ...stores.filter(({ action }) => action === 'takeSnapshot').map(({ id }) => id)],
  };
  // Beside the new snapshot, and nothing waits for it.
  const clear: Step = {
    id: 'clear-unfinished',
    action: 'clearUnfinished',
    arguments: { recoveryPoint },
    after: stores.filter(({ action }) => action === 'configureRepository').map(({ id }) => id),
  };
  return {
    version: 1,
    kind: 'backup',
    platform: platform.platform,
    host: situation.host,
    recoveryPoint: { id: recoveryPoint, startedAt: situation.startedAt },
    steps: [...stores, capture, clear, publish],
    volumes: [],
    platformFileHash: situation.platformFileHash,
  };
}
