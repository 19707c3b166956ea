import { passed } from '../domain/checks.ts';
import { expectedIndices, type Marks } from '../domain/recovery-points/expected-set.ts';
import {
  snapshotOf,
  type CatalogueObject,
  type ExpectedSet,
  type RecoveryPointManifest,
  type StoreArtefact,
} from '../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { clusterIdentity } from '../systems/elasticsearch/health.ts';
import { globalStateNames } from '../systems/elasticsearch/restore/global-state.ts';
import { resolveIndices } from '../systems/elasticsearch/indices.ts';
import { takeMarks, takeMarksAfter } from '../systems/elasticsearch/documents/marks.ts';
import { snapshotSizes } from '../systems/elasticsearch/snapshots/await-snapshot.ts';
import { deleteSnapshot, snapshotIfThere } from '../systems/elasticsearch/snapshots/snapshots.ts';
import { takeSnapshot } from '../systems/elasticsearch/snapshots/take-snapshot.ts';
import { encrypt } from '../systems/encryption/age.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';
import { writeMarkerFiles } from '../operations/backup/marker-files.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** What a backup takes, and the commit that makes a recovery point of it. */
export function backupActivities(dependencies: Dependencies) {
  return {
    /** Repeating it goes on with the snapshot that an earlier attempt started: the marks tell what it began from. */
    takeSnapshot: activity(async (call: StepCall<'takeSnapshot'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { store: name, snapshot, recoveryPoint } = call.arguments;
      const store = storeNamed(open.platform, 'elasticsearch', name);
      const client = await open.elasticsearch(store);
      try {
        const repository = store.repository.name;
        const marksKey = `stores/${name}.before.json`;
        const kept = await open.catalogue.findObject(recoveryPoint, marksKey);
        const before = kept
          ? (decode(kept) as Marks)
          : await takeMarks(client, await resolveIndices(client, store.indices), store.samplesPerIndex);
        if (!kept) await open.catalogue.putObject(recoveryPoint, marksKey, encode(before));
        const indices = Object.keys(before);
        const ended = await takeSnapshot(
          client,
          {
            repository,
            snapshot,
            indices,
            metadata: { platform: call.platform, run: call.run, execution: call.execution, takenBy: 'rekindle' },
          },
          watch,
        );
        const [taken, after, identity, globalState] = await Promise.all([
          snapshotSizes(client, repository, ended),
          takeMarksAfter(client, before),
          clusterIdentity(client),
          globalStateNames(client),
        ]);
        const expected: ExpectedSet = {
          version: 1,
          store: name,
          snapshot,
          repository,
          clusterUuid: identity.clusterUuid,
          elasticsearchVersion: identity.version,
          ...taken,
          indices: expectedIndices(before, after),
          globalState,
        };
        await open.catalogue.putObject(recoveryPoint, `stores/${name}.expected.json`, encode(expected));
        return {
          summary: `${snapshot}: ${expected.indices.length} indices, ${taken.shards} shards, ${taken.totalBytes} bytes (${taken.incrementalBytes} new)`,
          checks: [passed(`snapshot ${name}`, `${snapshot} is SUCCESS, ${taken.shards} of ${taken.shards} shards`)],
        };
      } finally {
        await client.close();
      }
    }),

    discardSnapshot: activity(async (call: StepCall<'discardSnapshot'>): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const store = storeNamed(open.platform, 'elasticsearch', call.arguments.store);
      const client = await open.elasticsearch(store);
      try {
        const { snapshot } = call.arguments;
        // The manifest is the commit point: from then on the snapshot belongs to a recovery point, whatever failed later.
        const { points } = await open.catalogue.listPoints();
        if (points.some((point) => snapshotOf(point) === snapshot))
          return { summary: `${snapshot} belongs to a recovery point and stays` };
        const found = await snapshotIfThere(client, store.repository.name, snapshot);
        if (found?.metadata['run'] !== call.run) return { summary: `${snapshot} is not of this run, or is not there` };
        await deleteSnapshot(client, store.repository.name, snapshot);
        return { summary: `${snapshot} is removed: the backup did not come to its end` };
      } finally {
        await client.close();
      }
    }),

    captureDeployment: activity(async (call: StepCall<'captureDeployment'>): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const identity = await open.identity();
      const capture = await open.docker.capture(open.platform.deployment, open.host);
      await open.catalogue.putObject(
        call.arguments.recoveryPoint,
        'capture.age',
        await encrypt(encode(capture), identity),
      );
      // Beside it in the clear, names only: what a manifest shows without the key.
      const images = Object.fromEntries(capture.containers.map(({ service, image }) => [service, image]));
      await open.catalogue.putObject(call.arguments.recoveryPoint, 'images.json', encode(images));
      const { containers, networks, volumes, files } = capture;
      return {
        summary: `${containers.length} containers, ${networks.length} networks, ${volumes.length} volumes, ${files.length} files, encrypted`,
      };
    }),

    /** The commit point. Without the manifest there is no recovery point, whatever else was written. */
    publishRecoveryPoint: activity(async (call: StepCall<'publishRecoveryPoint'>): Promise<StepOutcome> => {
      const { platform, fileHash, catalogue } = await openPlatform(dependencies, call.platform);
      const point = call.arguments.recoveryPoint;
      const stores: StoreArtefact[] = [];
      let startedAt = '';
      for (const { name } of platform.stores.filter(({ kind }) => kind === 'elasticsearch')) {
        const object = await catalogue.statObject(point, `stores/${name}.expected.json`);
        const expected = decode(await catalogue.getObject(object)) as ExpectedSet;
        stores.push(artefactOf(expected, object));
        if (startedAt === '' || expected.startedAt < startedAt) startedAt = expected.startedAt;
      }
      const images = await catalogue.getObject(await catalogue.statObject(point, 'images.json'));
      const manifest: RecoveryPointManifest = {
        version: 1,
        id: point,
        platform: call.platform,
        run: call.run,
        startedAt,
        finishedAt: new Date().toISOString(),
        platformFileHash: fileHash,
        stores,
        capture: await catalogue.statObject(point, 'capture.age'),
        images: decode(images) as RecoveryPointManifest['images'],
      };
      await catalogue.writeManifest(manifest, call.arguments.claimed && call);
      const traces = await writeMarkerFiles(platform.backup, manifest);
      const documents = stores.reduce((sum, store) => sum + (store.documents ?? 0), 0);
      return {
        summary: `recovery point ${point}, data as of ${startedAt}, at least ${documents} documents`,
        checks: [passed('manifest', `${point} is written, with ${stores.length} stores and the deployment`), ...traces],
      };
    }),
  };
}

function artefactOf(expected: ExpectedSet, expectedSet: CatalogueObject): StoreArtefact {
  const { store, snapshot, repository, clusterUuid, indices, shards, totalBytes, incrementalBytes } = expected;
  const documents = indices.reduce((sum, { documents: count }) => sum + (count?.atLeast ?? 0), 0);
  return {
    store,
    kind: 'elasticsearch',
    snapshot,
    repository,
    indices: indices.length,
    documents,
    shards,
    totalBytes,
    incrementalBytes,
    expectedSet,
    clusterUuid,
  };
}
