import type { RunOutcome } from '../../../domain/runs/outcome.ts';
import { digestPoints } from '../../../domain/recovery-points/points-digest.ts';
import type { RecoveryPointSummary } from '../../../domain/recovery-points/recovery-point.ts';
import { lastBackupOf, lastDrillOf, lastSkippedOf } from '../../../domain/status/last-runs.ts';
import type { PlatformSeen, Trouble } from '../../../domain/status/status.ts';

export const now = Date.parse('2026-11-21T12:00:00Z');

export const point = (startedAt: string, more: Partial<RecoveryPointSummary> = {}): RecoveryPointSummary => ({
  id: `p-${startedAt.slice(11, 16)}`,
  startedAt,
  durationSeconds: 3,
  totalBytes: 2000,
  incrementalBytes: 100,
  indices: 6,
  documents: 23_000,
  pinned: false,
  bad: false,
  deleting: false,
  ...more,
});
export const backup = (finishedAt: string, more: Partial<RunOutcome> = {}): RunOutcome => ({
  run: 'backup/nuvla/1',
  kind: 'backup',
  phase: 'passed',
  finishedAt,
  durationSeconds: 7,
  recoveryPoint: 'p-11:30',
  ...more,
});
export const drill = (finishedAt: string, more: Partial<RunOutcome> = {}): RunOutcome => ({
  ...backup(finishedAt),
  run: 'drill/nuvla/1',
  kind: 'drill',
  ...more,
});
export const trouble: Trouble = { kind: 'ObjectStorageUnreachable', message: 'S3 is away', remedy: 'start it' };

export interface Given {
  points?: RecoveryPointSummary[];
  outcomes?: RunOutcome[];
  objectiveSeconds?: number;
  drilledSeconds?: number;
  file?: PlatformSeen['file'];
  catalogue?: PlatformSeen['catalogue'];
  temporal?: PlatformSeen['temporal'];
  worker?: PlatformSeen['worker'];
  lastFailure?: { message: string; remedy: string };
}
/** What a platform file demands of approvals when it says nothing. */
export const noApproval = { required: false, approvers: [], needed: 1 };

export const good = point('2026-11-21T11:30:00Z');
export const passed = backup('2026-11-21T11:30:07.250Z');

export function seen({
  points = [good],
  outcomes = [passed],
  objectiveSeconds,
  drilledSeconds,
  lastFailure,
  ...more
}: Given): PlatformSeen {
  return {
    platform: 'nuvla',
    file: { value: { objectiveSeconds, drilledSeconds, approval: noApproval } },
    catalogue: {
      value: {
        points: digestPoints(points),
        lastBackup: lastBackupOf(outcomes),
        lastSkipped: lastSkippedOf(outcomes),
        lastDrill: lastDrillOf(outcomes),
        lastFailure,
      },
    },
    temporal: { value: { runs: [], schedules: [], incidents: [], worker: true } },
    worker: 'working',
    ...more,
  };
}
export const failed = (more: Partial<RunOutcome> = {}) =>
  backup('2026-11-21T11:45:00Z', { phase: 'failed', failure: 'SnapshotPartial', recoveryPoint: undefined, ...more });
