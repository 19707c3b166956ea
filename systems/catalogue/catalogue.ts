import type { PointOwner } from '../../domain/recovery-points/claims.ts';
import type { AdoptedKey, Marker, MarkerNote } from '../../domain/recovery-points/catalogue-keys.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import type { ReportLink, StoredLink } from '../../domain/reports/chain.ts';
import type { SnapshotName, StoreName } from '../../domain/platform.ts';
import type {
  CatalogueObject,
  RecoveryPointId,
  RecoveryPointManifest,
  RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { Unfinished } from '../../domain/recovery-points/unfinished.ts';
import type { AdmittedWriter } from '../../domain/recovery-points/writers.ts';
import type { Kit } from '../../domain/recovery-points/kit.ts';
import type { Lease } from '../../domain/orchestrators/lease.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import type { StoredObject } from '../object-storage/object-storage.ts';
import type { ClaimRequest } from './claims.ts';
import type { PointList } from './list-points.ts';
import type { ScrubState } from './scrub-states.ts';

/**
 * The recovery points and reports of one platform. Objects are written once; what becomes of a point later is recorded by
 * markers next to its manifest. Every method may fail as the storage does (ObjectStorageUnreachable, WrongCredentials,
 * BucketMissing, CatalogueRefused).
 */
export interface Catalogue {
  /** For people: where it lies. */
  readonly description: string;
  /** All of them, or only these, where only a few of many are needed. */
  listPoints(only?: readonly RecoveryPointId[]): Promise<PointList>;
  /** Those that began at `since` (ISO 8601, UTC) or later, as far as ids say; quick when they are few of many. */
  listPointsSince(since: string): Promise<PointList>;
  /** One of them, with the notes that were made of it, oldest first; undefined: there is no such point. */
  findPoint(id: RecoveryPointId): Promise<{ summary: RecoveryPointSummary; markers: MarkerNote[] } | undefined>;
  /** The newest good point; quick when there is one since `since` (ISO 8601, UTC). */
  newestPoint(since: string): Promise<RecoveryPointSummary | undefined>;
  /** Every id that is in use, also by points without a manifest. */
  takenIds(): Promise<RecoveryPointId[]>;
  /** The snapshots that stand, or are about to stand, for recovery points. */
  snapshotNames(): Promise<Set<SnapshotName>>;
  /** An id that this owner alone writes under; see claims.ts. */
  claim(request: ClaimRequest): Promise<RecoveryPointId>;
  /** Whether this very id is the owner's alone now. */
  claimId(id: RecoveryPointId, request: Pick<ClaimRequest, 'owner' | 'at'>): Promise<boolean>;
  /** What lies under ids without a manifest. */
  listUnfinished(): Promise<Unfinished[]>;
  /** Removes such an id's claims, then `between`, then the rest; see unfinished.ts. */
  clearUnfinished(id: RecoveryPointId, between: () => Promise<void>): Promise<boolean>;
  /** Failures: RecoveryPointNotFound, CatalogueRefused (not what was written). */
  readManifest(id: RecoveryPointId): Promise<RecoveryPointManifest>;
  /** SHA-256 of its manifest, from its key alone; undefined: there is no such point. */
  manifestDigest(id: RecoveryPointId): Promise<string | undefined>;
  /** The commit point of a backup, to be called last. Idempotent within a run; see manifests.ts for `claimedBy`. */
  writeManifest(manifest: RecoveryPointManifest, claimedBy?: PointOwner): Promise<void>;
  /** Keeps what a restore without Rekindle begins with, in place of that of older points; see kits.ts. */
  writeKit(point: Pick<RecoveryPointManifest, 'id' | 'startedAt'>, kit: Kit): Promise<void>;
  /** Says which snapshot an adopted point stands for; before its manifest. */
  noteAdopted(id: RecoveryPointId, adopted: AdoptedKey): Promise<void>;
  /** Keeps `bytes` as an object of the point: `capture.age`, `stores/documents.expected.json`. */
  putObject(id: RecoveryPointId, name: string, bytes: Uint8Array): Promise<CatalogueObject>;
  /** The bytes, proven by the digest. Failure: CatalogueRefused when they are missing or others. */
  getObject(object: CatalogueObject): Promise<Uint8Array>;
  /** What lies under the name now; undefined: nothing. */
  findObject(id: RecoveryPointId, name: string): Promise<Uint8Array | undefined>;
  /** What lies below the point, by its own keys: manifest, objects and markers. */
  objectsOf(id: RecoveryPointId): Promise<StoredObject[]>;
  /** The bytes of one of these; undefined: it is gone. */
  readObject(key: string): Promise<Uint8Array | undefined>;
  /** The digest and size of what lies under the name now. Failure: CatalogueRefused when there is nothing. */
  statObject(id: RecoveryPointId, name: string): Promise<CatalogueObject>;
  /** Notes that a point is proven, pinned, bad, suspect, accepted or being deleted; `at` in ISO 8601, UTC. */
  mark(id: RecoveryPointId, marker: Marker, by: { at: string; run: string; note?: string }): Promise<void>;
  /** Takes such a note back: every one, or those of one run. */
  unmark(id: RecoveryPointId, marker: Marker, by?: { run: string }): Promise<void>;
  /** Removes a point's objects whose names begin so, and answers how many there were: of a point that is not published. */
  removeBelow(id: RecoveryPointId, prefix: string): Promise<number>;
  /** Removes a point's objects, its `deleting` markers last, so that an interruption can be finished. */
  removePoint(id: RecoveryPointId): Promise<void>;
  /** What a run keeps for its way back, until that is gone. */
  putRunObject(run: string, name: string, bytes: Uint8Array): Promise<void>;
  findRunObject(run: string, name: string): Promise<Uint8Array | undefined>;
  removeRunObjects(run: string): Promise<void>;
  /** Runs that keep something; named as they were given to putRunObject. */
  runsWithObjects(): Promise<string[]>;
  /** Clusters that a run or a person admitted as writers of the repositories, the newest first. */
  listWriters(): Promise<AdmittedWriter[]>;
  admitWriter(writer: AdmittedWriter, reason?: string): Promise<void>;
  /** What scrubs know of a store's repository; see scrub-states.ts. */
  readScrub(store: StoreName): Promise<ScrubState>;
  writeScrub(coverage: Coverage, state: ScrubState, keep?: (file: bigint) => boolean): Promise<void>;
  /** How much scrubs have read of each store's repository; from keys alone. */
  listCoverages(): Promise<Coverage[]>;
  /** Answers the SHA-256 of what was written. */
  writeReport(run: string, report: unknown): Promise<string>;
  /** undefined: no report of this run. Failure: CatalogueRefused when it is torn. */
  readReport(run: string): Promise<unknown>;
  /** Runs that have a report. */
  listReports(): Promise<string[]>;
  /** SHA-256 of a run's report as it lies there; undefined: there is none. */
  reportDigest(run: string): Promise<string | undefined>;
  /** Links of the chain of reports, oldest first: all of them, or so many of the newest. Links that cannot be read are named. */
  reportLinks(newest?: number): Promise<{ links: StoredLink[]; unreadable: string[] }>;
  /** Those of one run, and those that they name. */
  reportLinksOf(run: string): Promise<StoredLink[]>;
  addReportLink(link: ReportLink): Promise<void>;
  /** Which orchestrators took charge of the platform, the last one last; see leases.ts. */
  leases(): Promise<Lease[]>;
  takeLease(by: { orchestrator: string; at: string }): Promise<Lease>;
  /** How a run ended, in the key of an empty object. Idempotent. */
  recordOutcome(outcome: RunOutcome): Promise<void>;
  /** Those that ended at `since` (ISO 8601, UTC) or later, oldest first; from keys alone. */
  listOutcomes(since?: string): Promise<RunOutcome[]>;
}
