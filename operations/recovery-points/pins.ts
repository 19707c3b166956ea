import { Failure } from '../../domain/failures.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';

/** Tells a person's pin from a run's: a run removes its own. */
const personPrefix = 'person/';
export const personOf = (by: string): string => `${personPrefix}${by}`;
export const isPerson = (by: string): boolean => by.startsWith(personPrefix);

/**
 * Pins a recovery point in the name of `by` (a run's id, or `personOf`). A deletion writes its marker and then reads the
 * pins; pinning writes the pin and then reads the markers: one of the two always sees the other.
 * Failure: RecoveryPointNotFound when it is not there or being deleted.
 */
export async function pin(catalogue: Catalogue, id: RecoveryPointId, by: string): Promise<{ pinned: boolean }> {
  const point = await pointOf(catalogue, id);
  if (point.deleting) throw goes(id);
  if (point.pinnedBy?.includes(by)) return { pinned: false };
  await catalogue.mark(id, 'pinned', { at: new Date().toISOString(), run: by });
  const { points } = await catalogue.listPoints([id]);
  if (points.some((each) => each.id === id && !each.deleting)) return { pinned: true };
  await catalogue.unmark(id, 'pinned', { run: by });
  throw goes(id);
}

/** Removes people's pins; with `all`, those of runs, too. Failure: RecoveryPointNotFound. */
export async function unpin(
  catalogue: Catalogue,
  id: RecoveryPointId,
  { all }: { all: boolean },
): Promise<{ unpinned: string[]; left: string[] }> {
  const { pinnedBy = [] } = await pointOf(catalogue, id);
  const unpinned = pinnedBy.filter((by) => all || isPerson(by));
  for (const run of unpinned) await catalogue.unmark(id, 'pinned', { run });
  return { unpinned, left: pinnedBy.filter((by) => !unpinned.includes(by)) };
}

/** A run pins what it chose and unpins what it chose before: a new plan may choose another point. */
export async function pinForRun(catalogue: Catalogue, id: RecoveryPointId, run: string): Promise<void> {
  await pin(catalogue, id, run);
  await unpinRun(catalogue, run, { but: id });
}

/** Removes all pins of a run. */
export async function unpinRun(
  catalogue: Catalogue,
  run: string,
  { but }: { but?: RecoveryPointId } = {},
): Promise<void> {
  const { points } = await catalogue.listPoints();
  for (const { id, pinnedBy } of points)
    if (id !== but && pinnedBy?.includes(run)) await catalogue.unmark(id, 'pinned', { run });
}

/** The point that a person names by its id. Failure: RecoveryPointNotFound. */
export async function pointOf(catalogue: Catalogue, id: RecoveryPointId): Promise<RecoveryPointSummary> {
  const { points } = await catalogue.listPoints(isId(id) ? [id] : []);
  const [point] = points;
  if (point) return point;
  throw new Failure('RecoveryPointNotFound', {
    message: `There is no recovery point "${id}" in ${catalogue.description}`,
    remedy: 'Choose one that "rekindle points" lists',
  });
}

/** People type it: what can be no part of a key is no recovery point either. */
const isId = (text: string) => /^[a-z0-9][a-z0-9._-]*$/.test(text);

function goes(id: RecoveryPointId): Failure {
  return new Failure('RecoveryPointNotFound', {
    message: `The recovery point "${id}" is being deleted, as no retention rule keeps it`,
    remedy: 'Choose another one that "rekindle points" lists',
  });
}
