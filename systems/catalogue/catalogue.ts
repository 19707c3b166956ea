import type { PointOwner } from '../../domain/recovery-points/claims.ts';
import {
  adoptedName,
  markerName,
  parsePointObject,
  parseReportKey,
  parseRunObjectKey,
  pointObjectKey,
  reportKey,
  reportsPrefix,
  runObjectKey,
  runObjectsPrefix,
  type AdoptedKey,
  type Marker,
  type MarkerNote,
} from '../../domain/recovery-points/catalogue-keys.ts';
import {
  outcomeKey,
  outcomesPrefix,
  outcomesSince,
  parseOutcomeKey,
  type RunOutcome,
} from '../../domain/runs/outcome.ts';
import type { ReportLink, StoredLink } from '../../domain/reports/chain.ts';
import type { PlatformName, SnapshotName, StoreName } from '../../domain/platform.ts';
import {
  snapshotOf,
  type CatalogueObject,
  type RecoveryPointId,
  type RecoveryPointManifest,
  type RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { Unfinished } from '../../domain/recovery-points/unfinished.ts';
import { parseWriterKey, writerKey, writersPrefix, type AdmittedWriter } from '../../domain/recovery-points/writers.ts';
import type { Kit } from '../../domain/recovery-points/kit.ts';
import type { Lease } from '../../domain/orchestrators/lease.ts';
import type { Coverage } from '../../domain/scrub/coverage.ts';
import type { ObjectStorage, StoredObject } from '../object-storage/object-storage.ts';
import { damaged } from './catalogue-failures.ts';
import { claimPoint, tryClaim, type ClaimRequest } from './claims.ts';
import { sha256 } from './digest.ts';
import { findPoint, listPoints, listPointsSince, type PointList } from './list-points.ts';
import { writeKit } from './kits.ts';
import { readManifest, writeManifest } from './manifests.ts';
import { readPointKeys } from './point-keys.ts';
import { listCoverages, readScrubState, writeScrubState, type ScrubState } from './scrub-states.ts';
import { clearUnfinished, listUnfinished } from './unfinished.ts';
import { readLeases, takeLease } from './leases.ts';
import { newestPoint } from './newest-point.ts';
import { addLink, readLinks } from './report-links.ts';

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
  addReportLink(link: ReportLink): Promise<void>;
  /** Which orchestrators took charge of the platform, the last one last; see leases.ts. */
  leases(): Promise<Lease[]>;
  takeLease(by: { orchestrator: string; at: string }): Promise<Lease>;
  /** How a run ended, in the key of an empty object. Idempotent. */
  recordOutcome(outcome: RunOutcome): Promise<void>;
  /** Those that ended at `since` (ISO 8601, UTC) or later, oldest first; from keys alone. */
  listOutcomes(since?: string): Promise<RunOutcome[]>;
}

export function openCatalogue(storage: ObjectStorage, platform: PlatformName): Catalogue {
  const keyOf = (id: RecoveryPointId, name: string) => pointObjectKey(platform, id, name);
  const keysBelow = async (prefix: string) => {
    const keys: string[] = [];
    for await (const { key } of storage.list(prefix)) keys.push(key);
    return keys;
  };
  const describe = (key: string, bytes: Uint8Array): CatalogueObject => ({
    key,
    sha256: sha256(bytes),
    bytes: bytes.length,
  });

  return {
    description: storage.description,
    listPoints: (only) => listPoints(storage, platform, only),
    listPointsSince: (since) => listPointsSince(storage, platform, since),
    findPoint: (id) => findPoint(storage, platform, id),
    newestPoint: (since) => newestPoint(storage, platform, since),
    takenIds: async () => [...(await readPointKeys(storage, platform)).points.keys()],
    async snapshotNames() {
      const { points } = await readPointKeys(storage, platform);
      return new Set([...points].map(([id, { adopted }]) => snapshotOf({ id, adopted })));
    },
    claim: (request) => claimPoint(storage, platform, request),
    claimId: (id, request) => tryClaim(storage, platform, id, request),
    listUnfinished: () => listUnfinished(storage, platform),
    clearUnfinished: (id, between) => clearUnfinished(storage, platform, id, between),
    readManifest: (id) => readManifest(storage, platform, id),
    writeManifest: (manifest, claimedBy) => writeManifest(storage, platform, manifest, claimedBy),
    writeKit: (point, kit) => writeKit(storage, platform, point, kit),
    noteAdopted: (id, adopted) => storage.put(keyOf(id, adoptedName(adopted)), new Uint8Array()),

    async putObject(id, name, bytes) {
      const key = keyOf(id, name);
      await storage.put(key, bytes);
      return describe(key, bytes);
    },
    async getObject(object) {
      const bytes = await storage.get(object.key);
      if (!bytes) throw damaged(object.key, 'is missing');
      if (bytes.length !== object.bytes || sha256(bytes) !== object.sha256)
        throw damaged(object.key, 'is not what was written: its digest differs');
      return bytes;
    },
    findObject: (id, name) => storage.get(keyOf(id, name)),
    async objectsOf(id) {
      const objects: StoredObject[] = [];
      for await (const object of storage.list(keyOf(id, ''))) objects.push(object);
      return objects;
    },
    readObject: (key) => storage.get(key),
    async statObject(id, name) {
      const key = keyOf(id, name);
      const bytes = await storage.get(key);
      if (!bytes) throw damaged(key, 'is missing');
      return describe(key, bytes);
    },

    async mark(id, marker, { at, run, note = '' }) {
      await storage.put(keyOf(id, markerName({ marker, at, run })), new TextEncoder().encode(note));
    },
    async unmark(id, marker, by) {
      for (const key of await keysBelow(keyOf(id, `${marker}~`))) {
        const object = parsePointObject(key.slice(keyOf(id, '').length));
        if (object.kind === 'marker' && (by === undefined || object.marker.run === by.run)) await storage.delete(key);
      }
    },
    async removePoint(id) {
      const keys = await keysBelow(keyOf(id, ''));
      const isLast = (key: string) => key.startsWith(keyOf(id, 'deleting~'));
      for (const key of [...keys.filter((key) => !isLast(key)), ...keys.filter(isLast)]) await storage.delete(key);
    },

    putRunObject: (run, name, bytes) => storage.put(runObjectKey(platform, run, name), bytes),
    findRunObject: (run, name) => storage.get(runObjectKey(platform, run, name)),
    async removeRunObjects(run) {
      for (const key of await keysBelow(runObjectKey(platform, run, ''))) await storage.delete(key);
    },

    async runsWithObjects() {
      const runs = (await keysBelow(runObjectsPrefix(platform))).map((key) => parseRunObjectKey(platform, key));
      return [...new Set(runs.filter((run) => run !== undefined))].toSorted();
    },

    async listWriters() {
      const writers = (await keysBelow(writersPrefix(platform))).map((key) => parseWriterKey(platform, key));
      return writers.filter((writer) => writer !== undefined).toSorted((a, b) => (a.at < b.at ? 1 : -1));
    },
    admitWriter: (writer, reason = '') => storage.put(writerKey(platform, writer), new TextEncoder().encode(reason)),
    readScrub: (store) => readScrubState(storage, platform, store),
    writeScrub: (coverage, state, keep) => writeScrubState(storage, platform, coverage, state, keep),
    listCoverages: () => listCoverages(storage, platform),
    async writeReport(run, report) {
      const bytes = new TextEncoder().encode(JSON.stringify(report, undefined, 2));
      await storage.put(reportKey(platform, run), bytes);
      return sha256(bytes);
    },
    async readReport(run) {
      const bytes = await storage.get(reportKey(platform, run));
      if (!bytes) return undefined;
      try {
        return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
      } catch (error) {
        throw damaged(`The report of ${run}`, 'is damaged', error);
      }
    },
    async listReports() {
      const runs = (await keysBelow(reportsPrefix(platform))).map((key) => parseReportKey(platform, key));
      return runs.filter((run) => run !== undefined).toSorted();
    },
    async reportDigest(run) {
      const bytes = await storage.get(reportKey(platform, run));
      return bytes && sha256(bytes);
    },
    reportLinks: (newest) => readLinks(storage, platform, newest),
    addReportLink: (link) => addLink(storage, platform, link),
    leases: () => readLeases(storage, platform),
    takeLease: (by) => takeLease(storage, platform, by),
    recordOutcome: (outcome) => storage.put(outcomeKey(platform, outcome), new Uint8Array()),
    async listOutcomes(since) {
      const outcomes: RunOutcome[] = [];
      const range = since === undefined ? {} : { after: outcomesSince(platform, since) };
      for await (const { key } of storage.list(outcomesPrefix(platform), range)) {
        const outcome = parseOutcomeKey(platform, key);
        if (outcome) outcomes.push(outcome);
      }
      return outcomes.toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
    },
  };
}
