import type { StoreName } from '../../domain/platform.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import { changedPoints, describeDamage, type Damage } from '../../domain/scrub/damage.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** Under this name scrubs mark points: each store's own, so that one store's scrub takes back no mark of another's. */
const scrubOf = (store: StoreName): string => `scrub of ${store}`;

export interface MarkedPoints {
  /** Marked just now. */
  spoiled: RecoveryPointId[];
  /** No longer marked. */
  recovered: RecoveryPointId[];
}

/**
 * Marks every point that refers to a damaged file as bad, with what is damaged, and takes back the marks of points whose
 * files are good again. Idempotent. Failures: those of the storage.
 */
export async function markPoints(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  store: StoreName,
  damages: readonly Damage[],
  points: readonly RecoveryPointSummary[],
  run: string,
): Promise<MarkedPoints> {
  const marked = new Set<RecoveryPointId>();
  for (const { id } of points.filter(({ bad }) => bad)) {
    const found = await catalogue.findPoint(id);
    if (found?.markers.some(({ marker, run: by }) => marker === 'bad' && by === scrubOf(store))) marked.add(id);
  }
  const { spoiled, recovered } = changedPoints(damages, points, marked);
  for (const id of spoiled) await markBad({ catalogue }, store, id, damages, run);
  for (const id of recovered) await catalogue.unmark(id, 'bad', { run: scrubOf(store) });
  return { spoiled, recovered };
}

/** Marks one point, with the damage that it refers to. */
export async function markBad(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  store: StoreName,
  id: RecoveryPointId,
  damages: readonly Damage[],
  run: string,
): Promise<void> {
  const its = damages.filter(({ points }) => points.includes(id)).map(describeDamage);
  const more = its.length - mostNoted;
  const note = `${its.slice(0, mostNoted).join('; ')}${more > 0 ? `; and ${more} more` : ''} (${run})`;
  await catalogue.mark(id, 'bad', { at: new Date().toISOString(), run: scrubOf(store), note });
}

const mostNoted = 10;
