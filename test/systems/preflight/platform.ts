import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { stringify } from 'yaml';
import { openPlatform, type OpenPlatform } from '../../../operations/open-platform.ts';
import { preflight, type PreflightOptions } from '../../../operations/preflight/preflight.ts';
import { readEnvironment } from '../../../config/environment.ts';
import type { Check } from '../../../domain/checks.ts';
import { outlineOf } from '../../../domain/deployment.ts';
import { expectedIndices } from '../../../domain/recovery-points/expected-set.ts';
import type { RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import type { VolumeTreatment } from '../../../domain/platform.ts';
import {
  snapshotNameOf,
  type ExpectedSet,
  type RecoveryPointManifest,
} from '../../../domain/recovery-points/recovery-point.ts';
import { startS3Server, type S3Server } from '../../../stack/s3-server.ts';
import { observeData } from '../../../operations/preflight/observe-data.ts';
import { findStorePaths } from '../../../operations/stores/store-paths.ts';
import { readCapture, readExpectedSet } from '../../../operations/recovery-points/read-point.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable, clusterIdentity } from '../../../systems/elasticsearch/health.ts';
import { giveSecrets, reloadSecureSettings } from '../../../systems/elasticsearch/keystore.ts';
import { takeMarks } from '../../../systems/elasticsearch/documents/marks.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { encrypt } from '../../../systems/encryption/age.ts';
import { createKeyFile } from '../../../systems/encryption/key-file.ts';
import { uniqueName } from '../docker/platform.ts';
import { createIndex, seedDocuments } from '../elasticsearch/seed.ts';

const docker = new Docker();
export const engine = connectDocker();
export const pointId = '2026-11-21t0930z';
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** A platform of one Elasticsearch, with one recovery point in a catalogue of its own. */
export interface PreflightPlatform {
  name: string;
  volume: string;
  bucket: string;
  s3: S3Server;
  elasticsearch: Docker.Container;
  /** Writes a secret's file anew; `undefined` removes it. */
  secret: (which: 'access' | 'secret', value: string | undefined) => Promise<void>;
  open: () => Promise<OpenPlatform>;
  client: () => Promise<Client>;
  look: (options?: PreflightOptions, volumes?: VolumeTreatment) => Promise<Check[]>;
  expected: ExpectedSet;
  remove: () => Promise<void>;
}

export async function bringUpPreflightPlatform(): Promise<PreflightPlatform> {
  const name = uniqueName();
  const volume = `${name}_data`;
  const bucket = `${name}-snapshots`;
  const folder = await mkdtemp(join(tmpdir(), 'rkt-preflight-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const remove = async () => {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
  };
  try {
    const s3 = await startS3Server(`${name}-s3`);
    undo.push(() => s3.remove());
    await s3.createBuckets([bucket]);
    const labels = { 'com.docker.compose.project': name, 'com.docker.compose.service': 'elasticsearch' };
    const network = await docker.createNetwork({
      Name: `${name}_back`,
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: labels,
    });
    undo.push(() => network.remove());
    await docker.createVolume({ Name: volume, Labels: labels });
    undo.push(() => docker.getVolume(volume).remove());
    const elasticsearch = await docker.createContainer({
      name: `${name}_elasticsearch_1`,
      Image: 'rekindle-stack/elasticsearch:8.19.0',
      Env: [
        // What would tie a node to its platform: a scratch one that kept it would not start alone.
        `cluster.name=${name}`,
        'discovery.type=single-node',
        'node.name=platform-node',
        'ES_JAVA_OPTS=-Xms600m -Xmx600m',
        'cluster.routing.allocation.disk.threshold_enabled=false',
        `s3.client.default.endpoint=${s3.endpoint}`,
        's3.client.default.path_style_access=true',
        's3.client.default.max_retries=1',
      ],
      Labels: labels,
      HostConfig: {
        NetworkMode: `${name}_back`,
        Binds: [`${volume}:/usr/share/elasticsearch/data`],
        RestartPolicy: { Name: 'always' },
      },
    });
    undo.push(() => docker.getContainer(`${name}_elasticsearch_1`).remove({ force: true, v: true }));
    await elasticsearch.start();

    const files = { access: join(folder, 'access'), secret: join(folder, 'secret') };
    const secret: PreflightPlatform['secret'] = (which, value) =>
      value === undefined ? rm(files[which]) : writeFile(files[which], value);
    await secret('access', s3.accessKey);
    await secret('secret', s3.secretKey);
    await mkdir(join(folder, 'platforms'));
    const keys = {
      's3.client.default.access_key': { file: files.access },
      's3.client.default.secret_key': { file: files.secret },
    };
    const settings = { bucket, endpoint: s3.endpoint, path_style_access: 'true', base_path: 'es' };
    const store = {
      name: 'documents',
      kind: 'elasticsearch',
      service: 'elasticsearch',
      indices: ['nuvla-*'],
      repository: { name: 's3_backup', type: 's3', settings },
      secrets: keys,
    };
    const file = {
      platform: name,
      deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
      stores: [store],
      catalogue: { kind: 'directory', path: join(folder, 'catalogue') },
    };
    await writeFile(join(folder, 'platforms', `${name}.yaml`), stringify(file));
    await createKeyFile(join(folder, 'key.txt'));
    const environment = {
      ...readEnvironment({ ...process.env, REKINDLE_HOST: 'here' }),
      platformsFolder: join(folder, 'platforms'),
      keyFile: join(folder, 'key.txt'),
    };
    const open = () => openPlatform({ environment, docker: engine }, name);
    const client = async () => {
      const { elasticsearch: connect, platform } = await open();
      const [documents] = platform.stores;
      if (documents?.kind !== 'elasticsearch') throw new Error('no store');
      return connect(documents);
    };
    const expected = await takeRecoveryPoint(name, await open(), client, {
      repository: store.repository,
      secrets: { 's3.client.default.access_key': s3.accessKey, 's3.client.default.secret_key': s3.secretKey },
    });
    const look: PreflightPlatform['look'] = async (options, volumes = 'quarantine') => {
      const opened = await open();
      return (await preflight(opened, await situationOf(opened, volumes), options)).checks;
    };
    return { name, volume, bucket, s3, elasticsearch, secret, open, client, look, expected, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function situationOf(open: OpenPlatform, volumes: VolumeTreatment): Promise<RestoreSituation> {
  const { platform } = open;
  const capture = outlineOf(await readCapture(open, pointId));
  const observed = await engine.observe(platform.deployment, open.host);
  const storePaths = await findStorePaths(open, observed, capture.storePaths);
  return {
    platform,
    platformFileHash: open.fileHash,
    manifest: await open.catalogue.readManifest(pointId),
    indices: { documents: (await readExpectedSet(open, pointId, 'documents')).indices },
    capture,
    observed: await observeData(open, { platform, observed, capture, storePaths, volumes }),
    storePaths,
    volumes,
  };
}

async function takeRecoveryPoint(
  name: string,
  open: OpenPlatform,
  connect: () => Promise<Client>,
  given: {
    repository: { name: string; type: string; settings: Record<string, string> };
    secrets: Record<string, string>;
  },
): Promise<ExpectedSet> {
  const container = `${name}_elasticsearch_1`;
  await engine.awaitScratch(container, { port: 9200, timeoutSeconds: 120 });
  const client = await connect();
  await awaitUsable(client, { timeoutSeconds: 120 });
  await giveSecrets((command, stdin) => engine.exec(container, command, { stdin }), given.secrets);
  await reloadSecureSettings(client);
  await ensureRepository(client, given.repository, { readonly: false });
  await createIndex(client, 'nuvla-job');
  await createIndex(client, 'nuvla-user');
  await seedDocuments(client, 'nuvla-job', 300);
  const marks = await takeMarks(client, ['nuvla-job', 'nuvla-user'], 5);
  const snapshot = snapshotNameOf(pointId);
  const repository = given.repository.name;
  await startSnapshot(client, { repository, snapshot, indices: Object.keys(marks), metadata: { run: 'r1' } });
  const taken = await awaitSnapshot(client, repository, snapshot);
  const identity = await clusterIdentity(client);
  await client.close();
  const expected: ExpectedSet = {
    version: 1,
    store: 'documents',
    snapshot,
    repository,
    clusterUuid: identity.clusterUuid,
    elasticsearchVersion: identity.version,
    ...taken,
    indices: expectedIndices(marks, marks),
    globalState: { indexTemplates: [], ingestPipelines: [] },
  };
  const capture = await engine.capture(open.platform.deployment, open.host);
  const { catalogue } = open;
  const manifest: RecoveryPointManifest = {
    version: 1,
    id: pointId,
    platform: name,
    run: 'backup/1',
    startedAt: taken.startedAt,
    finishedAt: taken.finishedAt,
    platformFileHash: open.fileHash,
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot,
        repository,
        indices: 2,
        documents: 300,
        shards: taken.shards,
        totalBytes: taken.totalBytes,
        incrementalBytes: taken.incrementalBytes,
        expectedSet: await catalogue.putObject(pointId, 'stores/documents.expected.json', encode(expected)),
        clusterUuid: identity.clusterUuid,
      },
    ],
    capture: await catalogue.putObject(pointId, 'capture.age', await encrypt(encode(capture), await open.identity())),
    images: {},
  };
  await catalogue.writeManifest(manifest);
  return expected;
}
