import pLimit from 'p-limit';
import { baseNamed, basesOfPoint } from '../../domain/bases.ts';
import { Failure } from '../../domain/failures.ts';
import type { Removal } from '../../domain/plans/plan-prune.ts';
import { storesOfKind, type RetentionPolicy } from '../../domain/platform.ts';
import type {
  RecoveryPointId,
  RecoveryPointManifest,
  RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import { decideRetention, type RetentionVerdict } from '../../domain/recovery-points/retention.ts';
import { findProofUnderWay } from '../drill/passed-drills.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { filedOf } from '../repository/bases.ts';

/** Objects that are read in parallel. */
const atOnce = 16;

/** What retention would do now, with nothing changed. */
export interface RetentionAssessment {
  policy?: RetentionPolicy;
  /** Newest first, as `verdicts`. */
  points: RecoveryPointSummary[];
  verdicts: RetentionVerdict[];
  /** What goes, begun deletions first, then the oldest first. */
  removals: Removal[];
  /** Points that no rule keeps and that cannot be deleted from here, with why. */
  leftAlone: { id: RecoveryPointId; why: string }[];
  halfRemoved: RecoveryPointId[];
  /** Keys of the catalogue that were skipped. */
  warnings: string[];
}

/** Reads keys, reports of drills since the last proof, and the manifests of what goes. Failures: those of the catalogue's storage. */
export async function assessRetention(
  open: Pick<OpenPlatform, 'platform' | 'filed' | 'catalogue'>,
  { running }: { running: ReadonlySet<RecoveryPointId> },
): Promise<RetentionAssessment> {
  const { platform, catalogue } = open;
  const { points, halfRemoved = [], warnings } = await catalogue.listPoints();
  const policy = platform.backup.retention;
  const rehearsed = policy && (await findProofUnderWay(open, points))?.id;
  const decided = decideRetention(points, policy, { now: new Date().toISOString(), running, rehearsed });
  const byId = new Map(points.map((point) => [point.id, point]));
  // One that is pinned and being deleted is settled by the deletion: its snapshot tells whether there is anything to keep.
  const going = decided.filter(({ id, keep }) => !keep || byId.get(id)?.deleting === true);
  const limit = pLimit(atOnce);
  const observed = await Promise.all(
    going.map(({ id }) => limit(async () => ({ id, found: await observeRemoval(open, id) }))),
  );
  const leftAlone = observed.flatMap(({ id, found }) => ('why' in found ? [{ id, why: found.why }] : []));
  const whyLeft = new Map(leftAlone.map(({ id, why }) => [id, why]));
  const verdicts = decided.map((verdict): RetentionVerdict => {
    const why = whyLeft.get(verdict.id);
    return why === undefined ? verdict : { ...verdict, keep: true, reasons: [...verdict.reasons, why] };
  });
  const removals = observed.flatMap(({ found }) => ('removal' in found ? [found.removal] : [])).toReversed();
  const begun = (removal: Removal) => byId.get(removal.id)?.deleting === true;
  return {
    ...(policy && { policy }),
    points: verdicts.flatMap(({ id }) => byId.get(id) ?? []),
    verdicts,
    removals: [...removals.filter(begun), ...removals.filter((removal) => !begun(removal))],
    leftAlone,
    halfRemoved,
    warnings,
  };
}

/** The snapshots that go with a point, or why it cannot be deleted from here. */
async function observeRemoval(
  open: Pick<OpenPlatform, 'platform' | 'filed' | 'catalogue'>,
  id: RecoveryPointId,
): Promise<{ removal: Removal } | { why: string }> {
  let manifest: RecoveryPointManifest;
  try {
    manifest = await open.catalogue.readManifest(id);
  } catch (error) {
    // What it holds cannot be known, so nothing of it is deleted.
    if (error instanceof Failure && error.kind === 'CatalogueRefused') return { why: `left alone: ${error.message}` };
    // It was removed since the list was made.
    if (error instanceof Failure && error.kind === 'RecoveryPointNotFound') return { removal: { id, snapshots: {} } };
    throw error;
  }
  const snapshots: Removal['snapshots'] = {};
  for (const { store, repository, snapshot } of manifest.stores) {
    const known = storesOfKind(filedOf(open), 'elasticsearch').find(({ name }) => name === store);
    if (known === undefined || baseNamed(known.repository, repository) === undefined)
      return {
        why: `left alone: its snapshot ${snapshot} is in the repository "${repository}", which is not that of a store "${store}" of the platform file`,
      };
    snapshots[store] = snapshot;
  }
  const bases = basesOfPoint(filedOf(open), manifest.stores);
  return { removal: { id, snapshots, ...(Object.keys(bases).length > 0 && { bases }) } };
}
