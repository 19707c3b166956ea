import type { IndexName, PlatformName, SnapshotName, StoreName } from '../platform.ts';
import type { BackupReason } from '../runs/started-by.ts';
import type { StreamArtefact } from '../streams/stream-artefact.ts';
import type { CatalogueObject } from './catalogue-object.ts';
import type { MissingStore } from './missing-stores.ts';
import type { RecoveryPointId } from './point-id.ts';

// A recovery point in the catalogue: its id, what its snapshots must hold, and how one is chosen are files of their own.
export type * from './catalogue-object.ts';
export * from './choose-point.ts';
export type * from './expected-content.ts';
export * from './point-id.ts';

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
  /** Why it was taken; absent: for no reason of its own, as by a schedule. */
  reason?: BackupReason;
  /** The start of the earliest snapshot or dump: the time that the data is at least as new as. */
  startedAt: string;
  finishedAt: string;
  platformFileHash: string;
  /** Where the platform stood; absent: not known, as in adopted points. */
  takenOn?: Place;
  /** Of stores that are backed up by snapshots. */
  stores: StoreArtefact[];
  /** Of stores whose backups are parts of the point itself; absent: none, as in manifests of older versions. */
  streams?: StreamArtefact[];
  /** Optional stores that it goes without, and why; absent: none. */
  missing?: MissingStore[];
  /** How far the stores' moments are apart; absent: there is one store, or it is not known. */
  skewSeconds?: number;
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
  /**
   * CRC-32 of the file with the snapshot's global metadata, right after it was written: it names no snapshot, so nothing
   * else tells it from another's. Absent: not known.
   */
  globalMetadataCrc?: number;
  /** `none`: the snapshot was taken without it, so none can be restored. */
  globalState?: 'none';
  /** Names of the feature states that the snapshot holds; absent: not known. */
  featureStates?: string[];
  /** Elasticsearch's own indices that it does not hold, since the platform file wanted so. */
  leftOut?: IndexName[];
}
