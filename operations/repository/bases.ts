import { basesIn, basesOfPoint, repositoryAt, scrubName, type Bases } from '../../domain/bases.ts';
import { Failure } from '../../domain/failures.ts';
import { storesOfKind, type Platform } from '../../domain/platform.ts';
import type { RecoveryPointId, RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { spoilsNext } from '../../domain/scrub/damage.ts';
import type { OpenPlatform } from '../open-platform.ts';

type Based = Pick<OpenPlatform, 'platform' | 'filed' | 'based'>;

/** The platform with its stores on these bases, and with whatever an activity has added to it. */
export function basedOn<Open extends Based>(open: Open, bases: Bases | undefined): Open {
  const text = (one: Bases = {}) => JSON.stringify(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return text(basesIn(open.platform).bases) === text(bases) ? open : { ...open, ...open.based(bases) };
}

/** With its stores on the bases that a recovery point is in. */
export function basedAsPoint<Open extends Based>(open: Open, { stores }: Pick<RecoveryPointManifest, 'stores'>): Open {
  return basedOn(open, basesOfPoint(filedOf(open), stores));
}

/** The platform as its file describes it. */
export const filedOf = ({ filed, platform }: Pick<OpenPlatform, 'platform' | 'filed'>): Platform => filed ?? platform;

/** The bases that backups go to now: those of the newest recovery point, good or not. Failures: those of the storage. */
export async function currentBases(open: Pick<OpenPlatform, 'platform' | 'filed' | 'catalogue'>): Promise<Bases> {
  return (await newestOwn(open))?.bases ?? {};
}

/**
 * The bases that the next backup goes to. With `backup.onDamage: newBase` a store goes on in its next one, when a scrub has
 * found damage that no snapshot after the newest point could do without. Failures: those of the storage.
 */
export async function nextBases(open: Pick<OpenPlatform, 'platform' | 'filed' | 'catalogue'>): Promise<Bases> {
  const newest = await newestOwn(open);
  if (newest === undefined) return {};
  if (open.platform.backup.onDamage !== 'newBase') return newest.bases;
  const next = { ...newest.bases };
  for (const { name, repository } of storesOfKind(filedOf(open), 'elasticsearch')) {
    const base = newest.bases[name] ?? 1;
    const { settings } = repositoryAt(repository, base);
    const { damages, place } = await open.catalogue.readScrub(scrubName(name, base));
    // What is known of another bucket or folder says nothing of this one.
    if (place !== `${settings['bucket'] ?? ''}/${settings['base_path'] ?? ''}`) continue;
    if (spoilsNext(damages, newest.id)) next[name] = base + 1;
  }
  return next;
}

/** The newest point that a backup took; an adopted one says nothing of where backups go. */
async function newestOwn(
  open: Pick<OpenPlatform, 'platform' | 'filed' | 'catalogue'>,
): Promise<{ id: RecoveryPointId; bases: Bases } | undefined> {
  const { points } = await open.catalogue.listPoints();
  for (const { id } of points.filter(({ deleting, adopted }) => !deleting && adopted === undefined)) {
    try {
      const { stores } = await open.catalogue.readManifest(id);
      return { id, bases: basesOfPoint(filedOf(open), stores) };
    } catch (error) {
      // One that is torn, or was removed meanwhile: the one before it says the same, but for the night of a new base.
      if (!(error instanceof Failure) || !['CatalogueRefused', 'RecoveryPointNotFound'].includes(error.kind))
        throw error;
    }
  }
  return undefined;
}
