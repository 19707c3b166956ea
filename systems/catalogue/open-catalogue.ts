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
} from '../../domain/recovery-points/catalogue-keys.ts';
import {
  outcomeKey,
  outcomesPrefix,
  outcomesSince,
  parseOutcomeKey,
  type RunOutcome,
} from '../../domain/runs/outcome.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { reportText } from '../../domain/reports/run-report.ts';
import { snapshotOf, type CatalogueObject, type RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import { parseWriterKey, writerKey, writersPrefix } from '../../domain/recovery-points/writers.ts';
import type { ObjectStorage, StoredObject } from '../object-storage/object-storage.ts';
import { damaged } from './catalogue-failures.ts';
import { claimPoint, tryClaim } from './claims.ts';
import { sha256 } from './digest.ts';
import { findPoint, listPoints, listPointsSince } from './list-points.ts';
import { writeKit } from './kits.ts';
import { manifestDigest, readManifest, writeManifest } from './manifests.ts';
import { readPointKeys } from './point-keys.ts';
import { listCoverages, readScrubState, writeScrubState } from './scrub-states.ts';
import { clearUnfinished, listUnfinished } from './unfinished.ts';
import { readLeases, takeLease } from './leases.ts';
import { newestPoint } from './newest-point.ts';
import { addLink, readLinks, readLinksOf } from './report-links.ts';
import type { Catalogue } from './catalogue.ts';

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
    manifestDigest: (id) => manifestDigest(storage, platform, id),
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
    async removeBelow(id, prefix) {
      const keys = await keysBelow(keyOf(id, prefix));
      for (const key of keys) await storage.delete(key);
      return keys.length;
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
      const bytes = new TextEncoder().encode(reportText(report));
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
    reportLinksOf: (run) => readLinksOf(storage, platform, run),
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
