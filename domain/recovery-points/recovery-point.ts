import type { FeatureState } from './features.ts';
import type { Settings } from './hindering-settings.ts';
import type { PlatformName, SnapshotName, StoreName, IndexName } from '../platform.ts';

/** The snapshot's time in UTC, lower case: `2026-11-21t0930z`, with seconds when the minute was taken. */
export type RecoveryPointId = string;

export const snapshotPrefix = 'snapshot.';

export function snapshotNameOf(id: RecoveryPointId): SnapshotName {
  return `${snapshotPrefix}${id}`;
}

/**
 * The id of a recovery point that starts at `startedAt` (ISO 8601, UTC); to the minute, to the second when that minute
 * is among `taken`. Snapshot names must be lower case, hence the small t and z.
 */
export function recoveryPointId(startedAt: string, taken: ReadonlySet<RecoveryPointId>): RecoveryPointId {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)/.exec(startedAt);
  if (!match) throw new RangeError(`Not an ISO 8601 time: ${startedAt}`);
  const [, date = '', hours = '', minutes = '', seconds = ''] = match;
  const toTheMinute = `${date}t${hours}${minutes}z`;
  return taken.has(toTheMinute) ? `${date}t${hours}${minutes}${seconds}z` : toTheMinute;
}

/** An object of the catalogue, with the digest that proves it whole. */
export interface CatalogueObject {
  key: string;
  sha256: string;
  bytes: number;
}

/** What a restored Elasticsearch must hold. Written by the backup, read by preflight and by the check after a restore. */
export interface ExpectedSet {
  version: 1;
  store: StoreName;
  snapshot: SnapshotName;
  repository: string;
  /** The cluster that took the snapshot; absent: not known. */
  clusterUuid?: string;
  elasticsearchVersion: string;
  /** How many nodes the cluster had; absent: not known. */
  nodes?: number;
  /** The snapshot's start: what was written later may be missing. ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  shards: number;
  /** Bytes of all files the snapshot refers to, and of those it added to the repository. */
  totalBytes: number;
  incrementalBytes: number;
  indices: ExpectedIndex[];
  /** Names of what the global state holds and a restore onto an emptied cluster brings back; absent: not known. */
  globalState?: { indexTemplates: string[]; ingestPipelines: string[] };
  /** Elasticsearch's own indices that the snapshot holds, by feature; absent: not known. */
  featureStates?: FeatureState[];
  /** The indices of the feature states, as far as they were still there after the snapshot. */
  systemIndices?: Pick<ExpectedIndex, 'name' | 'primaries'>[];
  /** Elasticsearch's own indices that it does not hold, since the platform file wanted so. */
  leftOut?: IndexName[];
  dataStreams?: ExpectedStream[];
  /** The kind of realm that knew the platform file's user (`native`, `file`, `reserved`); absent: not known, or no user. */
  userRealm?: string;
  /** Of the persistent settings, those that would hinder a restore; absent: not known. */
  clusterSettings?: Settings;
}

export interface ExpectedStream {
  name: string;
  /** Those in the snapshot, oldest first; the last one is written to. */
  indices: IndexName[];
  /** Grows by one with every new index; absent: a new one came while the snapshot ran. */
  generation?: number;
  /** The index template that makes its indices. */
  template?: string;
}

export interface ExpectedIndex {
  name: IndexName;
  /** As it must be after a restore. */
  state: 'open' | 'closed';
  primaries: number;
  /** Those that it must have; it may have others. */
  aliases: string[];
  /** Absent: not known, as of an adopted snapshot. */
  replicas?: number;
  /** Those that would hinder a restore: left out of it, and put back after it. */
  settings?: Settings;
  /** Absent: not known, since others took the snapshot, or since the index could not be counted. */
  documents?: DocumentCount;
  /** Why the backup could not count its documents: `index.blocks.read is set`. */
  uncounted?: string;
  samples: DocumentSample[];
  /** Operations that the index had seen before and after the snapshot: a forecast derives from them what came later. */
  operations?: { uuid: string; before: number; after: number };
}

/** Exact when no operation reached the index while the snapshot ran (equal sequence numbers), else a sound range. */
export interface DocumentCount {
  atLeast: number;
  atMost: number;
}

/** Documents whose `_seq_no` did not change while the snapshot ran; `sha256` is over the canonical JSON of `_source`. */
export interface DocumentSample {
  id: string;
  sha256: string;
}

/** Where a platform's servers stand. What stands there now has taken the place of what stood there before. */
export interface Place {
  /** The Docker engine's own id. */
  engine: string;
  project: string;
}

/** The commit point of a backup, written last. */
export interface RecoveryPointManifest {
  version: 1;
  id: RecoveryPointId;
  platform: PlatformName;
  /** The workflow that took it. */
  run: string;
  /** The earliest snapshot's start: the time that the data is at least as new as. */
  startedAt: string;
  finishedAt: string;
  platformFileHash: string;
  /** Where the platform stood; absent: not known, as in adopted points. */
  takenOn?: Place;
  stores: StoreArtefact[];
  /** The encrypted deployment; absent from an adopted point. */
  capture?: CatalogueObject;
  /** The snapshot was taken by others and adopted later. */
  adopted?: Adoption;
  /** Image of each service: reference, and the digest or image id that it meant. */
  images: Record<string, { reference: string; digest: string }>;
}

export interface Adoption {
  /** ISO 8601, UTC. */
  at: string;
  /** Who took the snapshot, as far as it tells: `SLM policy nightly`, `Rekindle (backup/nuvla/…)`, `others`. */
  takenBy: string;
}

export interface StoreArtefact {
  store: StoreName;
  kind: 'elasticsearch';
  snapshot: SnapshotName;
  repository: string;
  indices: number;
  /** At least so many; absent: not known. */
  documents?: number;
  shards: number;
  totalBytes: number;
  incrementalBytes: number;
  expectedSet: CatalogueObject;
  /** The cluster that took the snapshot; absent: not known, as in manifests of older versions. */
  clusterUuid?: string;
  /** `none`: the snapshot was taken without it, so none can be restored. */
  globalState?: 'none';
  /** Names of the feature states that the snapshot holds; absent: not known. */
  featureStates?: string[];
  /** Elasticsearch's own indices that it does not hold, since the platform file wanted so. */
  leftOut?: IndexName[];
}

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
  /** When a restore of it passed; absent: not proven. */
  provenAt?: string;
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
