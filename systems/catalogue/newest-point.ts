import type { PlatformName } from '../../domain/platform.ts';
import { choosePoint, type RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { listPoints, listPointsSince } from './list-points.ts';

/**
 * The newest good recovery point. Those since `since` (ISO 8601, UTC) are read first and mostly suffice. Failures: those
 * of the storage.
 */
export async function newestPoint(
  storage: ObjectStorage,
  platform: PlatformName,
  since: string,
): Promise<RecoveryPointSummary | undefined> {
  const found = choosePoint((await listPointsSince(storage, platform, since)).points, { latest: true });
  return found ?? choosePoint((await listPoints(storage, platform)).points, { latest: true });
}
