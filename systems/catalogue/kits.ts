import { kitPrefix, kitsPrefix, sumsOf, type Kit } from '../../domain/recovery-points/kit.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { Failure } from '../../domain/failures.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { sha256 } from './digest.ts';

/** Its digests come last, so that a kit with them is complete. */
const sums = 'SHA256SUMS';

/** Writes the kit of a point, then removes those of older points. Failures: those of the storage. */
export async function writeKit(
  storage: Pick<ObjectStorage, 'list' | 'put' | 'delete'>,
  platform: PlatformName,
  point: Pick<RecoveryPointManifest, 'id' | 'startedAt'>,
  kit: Kit,
): Promise<void> {
  const prefix = kitPrefix(platform, point);
  const digests: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(kit)) {
    await storage.put(prefix + name, bytes);
    digests[name] = sha256(bytes);
  }
  await storage.put(prefix + sums, new TextEncoder().encode(sumsOf(digests)));
  const older: string[] = [];
  for await (const { key } of storage.list(kitsPrefix(platform))) if (key < prefix) older.push(key);
  try {
    for (const key of older) await storage.delete(key);
  } catch (error) {
    // Credentials that may not delete leave them: the newest sorts last, and the others do no harm.
    if (!(error instanceof Failure)) throw error;
  }
}
