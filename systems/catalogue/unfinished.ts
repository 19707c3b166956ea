import { parsePointObject, parsePointObjectKey, pointObjectKey } from '../../domain/recovery-points/catalogue-keys.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { Unfinished } from '../../domain/recovery-points/unfinished.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { readPointKeys } from './point-keys.ts';

/** What lies under ids without a manifest, from keys alone. */
export async function listUnfinished(storage: ObjectStorage, platform: PlatformName): Promise<Unfinished[]> {
  const { points } = await readPointKeys(storage, platform);
  return [...points]
    .filter(([, { manifests }]) => manifests.length === 0)
    .map(([id, { claims, markers, keys, unknown }]) => ({
      id,
      claims,
      // Without a claim only what a backup of an older version wrote is taken for one.
      known: !unknown && (claims.length > 0 || keys.every((key) => isOfBackup(platform, key))),
      deleting: markers.some(({ marker }) => marker === 'deleting'),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function isOfBackup(platform: PlatformName, key: string): boolean {
  const name = parsePointObjectKey(platform, key)?.name ?? '';
  return (
    parsePointObject(name).kind !== 'object' ||
    /^(capture\.age|images\.json|stores\/[^/]+\.json|stores\/[^/]+\/[^/]+\.(json|age))$/.test(name)
  );
}

/**
 * Removes what a dead run left under an id: its claims first, from when on the run cannot publish the point any more
 * (writeManifest looks for its claim before and afterwards); then, when there is no manifest still, `between` (the
 * snapshot goes) and the other objects. False: a manifest has come, all else stays. Interrupted, it is done again.
 */
export async function clearUnfinished(
  storage: ObjectStorage,
  platform: PlatformName,
  id: RecoveryPointId,
  between: () => Promise<void>,
): Promise<boolean> {
  const claims: string[] = [];
  for await (const { key } of storage.list(pointObjectKey(platform, id, 'claim~'))) claims.push(key);
  for (const key of claims) await storage.delete(key);
  const left = (await readPointKeys(storage, platform, { only: [id] })).points.get(id);
  if (left && (left.manifests.length > 0 || left.unknown)) return false;
  await between();
  for (const key of left?.keys ?? []) await storage.delete(key);
  return true;
}
