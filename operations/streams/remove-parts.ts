import { warned, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { StoreName } from '../../domain/platform.ts';
import type { MissingStore } from '../../domain/recovery-points/missing-stores.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import { storeFolder } from '../../domain/streams/part.ts';
import type { OpenPlatform } from '../open-platform.ts';

type Open = Pick<OpenPlatform, 'platform' | 'catalogue' | 'streams'>;

/** All that a backup wrote of a store; answers with how many objects there were. */
export async function removeParts(open: Open, point: RecoveryPointId, store: StoreName): Promise<number> {
  await (await open.streams()).abandon(storeFolder(open.platform.platform, point, store));
  return open.catalogue.removeBelow(point, `stores/${store}/`);
}

/** Of stores that the point goes without. What cannot be removed harms nothing, since no manifest refers to it. */
export async function removeMissing(
  open: Open,
  point: RecoveryPointId,
  missing: readonly MissingStore[],
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { store } of missing)
    await removeParts(open, point, store).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      checks.push(
        warned(
          `leftovers ${store}`,
          `What the failed backup of ${store} wrote stays in the catalogue until ${point} is pruned: ${error.message}`,
          error.remedy,
        ),
      );
    });
  return checks;
}
