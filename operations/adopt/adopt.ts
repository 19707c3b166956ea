import { randomUUID } from 'node:crypto';
import {
  idsForAdoption,
  indicesOf,
  streamsByName,
  takenByOf,
  whyNotAdopted,
  type NotAdopted,
} from '../../domain/recovery-points/adoption.ts';
import { adoptedName } from '../../domain/recovery-points/catalogue-keys.ts';
import type { PointOwner } from '../../domain/recovery-points/claims.ts';
import { artefactOf } from '../../domain/recovery-points/expected-set.ts';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import { storesOfKind, type SnapshotName } from '../../domain/platform.ts';
import {
  snapshotNameOf,
  snapshotOf,
  type ExpectedSet,
  type RecoveryPointId,
  type RecoveryPointManifest,
  type StoreArtefact,
} from '../../domain/recovery-points/recovery-point.ts';
import { whyKept } from '../../domain/recovery-points/unfinished.ts';
import type { IndexInSnapshot } from '../../systems/elasticsearch/snapshots/snapshot-status.ts';
import { observeRepository, type SnapshotInStore, type RepositoryObservation } from './observe-repository.ts';
import { encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { expectedSetObject } from '../recovery-points/read-point.ts';

export interface Adoptions {
  adopted: { id: RecoveryPointId; snapshot: SnapshotName }[];
  notAdopted: NotAdopted[];
}

/**
 * Makes recovery points of the snapshots in the platform's repositories that no point of the catalogue names. They have
 * no deployment capture, no counts and no samples. A snapshot must be in the repository of every Elasticsearch store.
 * Needs no Temporal; Elasticsearch must answer. Repeated, it adopts nothing twice. Failures: those of Elasticsearch and
 * of the storage.
 */
export async function adoptSnapshots(open: OpenPlatform): Promise<Adoptions> {
  const { platform, catalogue } = open;
  const at = new Date().toISOString();
  const owner: PointOwner = { run: `adopt/${platform.platform}/${at.slice(0, 19)}Z`, execution: randomUUID() };
  const result: Adoptions = { adopted: [], notAdopted: [] };
  const repositories: RepositoryObservation[] = [];
  try {
    for (const store of storesOfKind(platform, 'elasticsearch'))
      repositories.push(await observeRepository(open, store));
    // Listed after the snapshots: a backup claims its id before it takes its snapshot, so none that runs is overlooked.
    const known = new Set((await catalogue.listPoints()).points.map(snapshotOf));
    const kept = await keptForBackups(open, at);
    const taken = new Set(await catalogue.takenIds());
    const names = [...new Set(repositories.flatMap(({ names }) => names))]
      .filter((name) => !known.has(name))
      .toSorted();
    for (const snapshot of names) {
      const refuse = (reason: string) => result.notAdopted.push({ snapshot, reason });
      const why = kept.get(snapshot);
      if (why !== undefined) {
        refuse(`A backup that has not finished took it: ${why}`);
        continue;
      }
      try {
        const id = await adoptOne({ open, owner, at, taken }, snapshot, repositories);
        taken.add(id);
        result.adopted.push({ id, snapshot });
      } catch (error) {
        // A fault of this snapshot alone; a server that does not answer fails the whole command.
        if (!(error instanceof Failure) || !ofOneSnapshot.includes(error.kind)) throw error;
        refuse(error.message);
      }
    }
  } finally {
    for (const repository of repositories) await repository.close();
  }
  return result;
}

const ofOneSnapshot = ['InvalidArgument', 'SnapshotMissing', 'SnapshotFailed', 'RepositoryRefused'];

const longestKeyPart = 255;

interface Adoption {
  open: OpenPlatform;
  owner: PointOwner;
  at: string;
  taken: ReadonlySet<RecoveryPointId>;
}

/** Failure: InvalidArgument, with the reason, for a snapshot that cannot become a recovery point. */
async function adoptOne(
  { open: { catalogue, platform, fileHash }, owner, at, taken }: Adoption,
  snapshot: SnapshotName,
  repositories: readonly RepositoryObservation[],
): Promise<RecoveryPointId> {
  const seen: SnapshotInStore[] = [];
  for (const { store, read } of repositories) {
    const found = await read(snapshot);
    if (!found) throw not(`it is not in the repository of the store "${store.name}"`);
    const why = whyNotAdopted(found.snapshot, store.indices);
    if (why !== undefined) throw not(why);
    seen.push(found);
  }
  const [first] = seen;
  if (!first) throw not('the platform file has no Elasticsearch');
  // Everything that can go wrong with the snapshot itself goes wrong before the first object is written.
  const sets: ExpectedSet[] = [];
  for (const one of seen) sets.push(await expectedSetOf(one));
  if (adoptedName({ at, snapshot }).length > longestKeyPart)
    throw not('its name is too long for a key of the catalogue');
  const id = idsForAdoption(first.snapshot).find((candidate) => !taken.has(candidate));
  if (id === undefined) throw not('its name and its time are those of other recovery points');
  if (!(await catalogue.claimId(id, { owner, at }))) throw not('another run writes under its name at this moment');
  try {
    const artefacts: StoreArtefact[] = [];
    for (const [index, set] of sets.entries()) {
      const object = await catalogue.putObject(id, expectedSetObject(set.store), encodeJson(set));
      artefacts.push(artefactOf(set, object, { globalState: seen[index]?.includesGlobalState }));
    }
    const startedAt = sets.map((set) => set.startedAt).toSorted()[0] ?? at;
    const finishedAt =
      sets
        .map((set) => set.finishedAt)
        .toSorted()
        .at(-1) ?? at;
    await catalogue.noteAdopted(id, { at, snapshot });
    const manifest: RecoveryPointManifest = {
      version: 1,
      id,
      platform: platform.platform,
      run: owner.run,
      startedAt,
      finishedAt,
      platformFileHash: fileHash,
      stores: artefacts,
      adopted: { at, takenBy: takenByOf(first.snapshot.metadata) },
      images: {},
    };
    await catalogue.writeManifest(manifest, owner);
    return id;
  } catch (error) {
    await catalogue.clearUnfinished(id, () => Promise.resolve()).catch(() => undefined);
    throw error;
  }
}

/** Snapshots of ids without a manifest, and why a backup may still be working on them. */
async function keptForBackups({ catalogue, platform }: OpenPlatform, now: string): Promise<Map<SnapshotName, string>> {
  const stores = storesOfKind(platform, 'elasticsearch');
  const limits = { now, snapshotSeconds: Math.max(...stores.map((store) => store.snapshotTimeoutSeconds)) };
  const kept = new Map<SnapshotName, string>();
  for (const left of await catalogue.listUnfinished()) {
    const why = whyKept(left, [], limits);
    if (why !== undefined) kept.set(snapshotNameOf(left.id), why);
  }
  return kept;
}

async function expectedSetOf({
  snapshot,
  store,
  contents,
  clusterUuid,
  version,
}: SnapshotInStore): Promise<ExpectedSet> {
  const held = await contents();
  const names = indicesOf(snapshot, store.indices);
  const missing = names.filter((name) => held[name] === undefined);
  if (missing.length > 0) throw not(`its status does not list the shards of ${listed(missing)}`);
  const sum = (of: (index: IndexInSnapshot) => number) =>
    names.reduce((total, name) => total + (held[name] ? of(held[name]) : 0), 0);
  return {
    version: 1,
    store: store.name,
    snapshot: snapshot.name,
    repository: store.repository.name,
    ...(clusterUuid !== undefined && { clusterUuid }),
    elasticsearchVersion: version,
    startedAt: snapshot.startTime,
    finishedAt: snapshot.endTime ?? snapshot.startTime,
    shards: sum(({ shards }) => shards.done),
    totalBytes: sum(({ totalBytes }) => totalBytes),
    incrementalBytes: sum(({ incrementalBytes }) => incrementalBytes),
    // A restore opens every index; its former state, its aliases and its documents are not in the snapshot's status.
    featureStates: snapshot.featureStates,
    dataStreams: streamsByName(snapshot.dataStreams, names),
    indices: names.map((name) => ({
      name,
      state: 'open',
      primaries: held[name]?.shards.done ?? 0,
      aliases: [],
      samples: [],
    })),
  };
}

function not(reason: string): Failure {
  return new Failure('InvalidArgument', { message: reason, remedy: '' });
}
