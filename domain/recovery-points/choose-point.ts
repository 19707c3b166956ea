import type { SnapshotName } from '../platform.ts';
import { snapshotNameOf, type RecoveryPointId } from './point-id.ts';

/** What a list shows; all of it stands in the keys, so that a list reads no object. */
export interface RecoveryPointSummary {
  id: RecoveryPointId;
  startedAt: string;
  durationSeconds: number;
  totalBytes: number;
  incrementalBytes: number;
  indices: number;
  /** At least so many; absent: not known. */
  documents?: number;
  /** Made from a snapshot that others took: no deployment capture, no counts. */
  adopted?: { at: string; snapshot: SnapshotName };
  /** When a restore or a drill of it passed last; absent: not proven. */
  provenAt?: string;
  /** Which run that was. */
  provenBy?: string;
  pinned: boolean;
  /** Who pinned it: runs by their ids, people as `person/<name>`; absent: nobody. */
  pinnedBy?: string[];
  bad: boolean;
  /** It holds less than it should, and nobody has accepted that yet. */
  suspect?: true;
  deleting: boolean;
}

/** Whether a recovery point counts: for `latest`, `proven` and `--before`, for retention and for the RPO. */
export function isGood({
  bad,
  suspect,
  deleting,
}: Pick<RecoveryPointSummary, 'bad' | 'suspect' | 'deleting'>): boolean {
  return !bad && suspect !== true && !deleting;
}

/** The snapshot of each store, which bears the point's id unless others took it. */
export function snapshotOf({ id, adopted }: Pick<RecoveryPointSummary, 'id' | 'adopted'>): SnapshotName {
  return adopted?.snapshot ?? snapshotNameOf(id);
}

/** Which recovery point a run wants. */
export type PointChoice = { latest: true } | { proven: true } | { id: RecoveryPointId } | { before: string };

/** The chosen one; undefined: none fits. A suspect one is chosen by its id alone, a bad one or one being deleted never. */
export function choosePoint(
  points: readonly RecoveryPointSummary[],
  choice: PointChoice,
): RecoveryPointSummary | undefined {
  return fittingPoints(points, choice)[0];
}

/** All that fit, the best first: the others count when its manifest turns out to be torn. */
export function fittingPoints(points: readonly RecoveryPointSummary[], choice: PointChoice): RecoveryPointSummary[] {
  if ('id' in choice) return points.filter(({ id, bad, deleting }) => id === choice.id && !bad && !deleting);
  const usable = points.filter(isGood).toSorted((a, b) => (comparable(a.startedAt) < comparable(b.startedAt) ? 1 : -1));
  if ('before' in choice) return usable.filter((point) => comparable(point.startedAt) < comparable(choice.before));
  if ('proven' in choice) return usable.filter((point) => point.provenAt !== undefined);
  return usable;
}

/** ISO times of different precision, so that they compare as texts: `…12Z` and `…12.000Z` are the same. */
function comparable(time: string): string {
  return time.replace(/Z$/, '').replace(/\.(\d*?)0*$/, (_, digits: string) => (digits === '' ? '' : `.${digits}`));
}
