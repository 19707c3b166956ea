import { pointsPrefix } from '../../domain/recovery-points/catalogue-keys.ts';
import type { PlatformName } from '../../domain/platform.ts';
import {
  recoveryPointId,
  choosePoint,
  type RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { listPoints } from './list-points.ts';

/**
 * The newest good recovery point. Ids begin with their time, so those since `since` (ISO 8601, UTC) are read first
 * and mostly suffice: one page of keys however many points there are. Failures: those of the storage.
 */
export async function newestPoint(
  storage: ObjectStorage,
  platform: PlatformName,
  since: string,
): Promise<RecoveryPointSummary | undefined> {
  const after = `${pointsPrefix(platform)}${recoveryPointId(since, new Set())}`;
  const recent: ObjectStorage = { ...storage, list: (prefix) => storage.list(prefix, { after }) };
  const found = choosePoint((await listPoints(recent, platform)).points, { latest: true });
  // An id may be another's snapshot name, which says nothing of its time.
  return found ?? choosePoint((await listPoints(storage, platform)).points, { latest: true });
}
