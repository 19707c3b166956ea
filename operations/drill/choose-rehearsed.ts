import { passed, type Check } from '../../domain/checks.ts';
import { restoredOf } from '../../domain/drills/proof-under-way.ts';
import { Failure } from '../../domain/failures.ts';
import type {
  PointChoice,
  RecoveryPointId,
  RecoveryPointManifest,
} from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';
import type { Extent } from './choose-share.ts';
import { findProofUnderWay, passedDrills } from './passed-drills.ts';

/** What a drill of one recovery point would be: the point, and how much of it fits. */
export interface Considered {
  manifest: RecoveryPointManifest;
  extent: Extent;
}

/**
 * The recovery point of a drill for which nobody chose one: the newest, as long as all of it fits. Where it does not,
 * drills of the newest would each restore a part of another point and prove none, however often they run; so the point
 * whose proof is under way goes on until it is complete, as long as it is good, there and can be read, and what it lacks
 * fits. The newest gives up nothing by that: a part would not have proven it either, and it has its turn after the proof.
 */
export async function chooseRehearsed<T extends Considered>(
  open: Pick<OpenPlatform, 'catalogue'>,
  consider: (choice: PointChoice) => Promise<T>,
): Promise<{ chosen: T; checks: Check[] }> {
  const newest = await consider({ latest: true });
  const alone = { chosen: newest, checks: [] };
  const { share } = newest.extent;
  if (share === undefined || share.completes) return alone;
  const begun = await findProofUnderWay(open, (await open.catalogue.listPoints()).points);
  if (begun === undefined || begun.id === newest.manifest.id) return alone;
  const other = await consider({ id: begun.id }).catch(unlessUnreadable);
  if (other?.manifest.id !== begun.id || !other.extent.provable) return alone;
  const restored = restoredOf(begun.id, await passedDrills(open)).size;
  return { chosen: other, checks: [goesOn({ id: begun.id, restored, newest: newest.manifest.id })] };
}

function goesOn({ id, restored, newest }: { id: RecoveryPointId; restored: number; newest: RecoveryPointId }): Check {
  const evidence = `${id}, of which drills have restored ${restored} indices: its proof goes on before ${newest}, the newest, has its turn`;
  return passed('drill point', evidence);
}

/** A point that cannot be read is not gone on with; whatever else fails would fail for the newest as well. */
function unlessUnreadable(error: unknown): undefined {
  if (
    error instanceof Failure &&
    ['RecoveryPointNotFound', 'CatalogueRefused', 'CaptureUnreadable'].includes(error.kind)
  )
    return undefined;
  throw error;
}
