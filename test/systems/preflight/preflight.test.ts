import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import {
  S3Client,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import Docker from 'dockerode';
import { readCapture } from '../../../operations/recovery-points/read-point.ts';
import { validate } from '../../../operations/validate/validate.ts';
import type { Check } from '../../../domain/checks.ts';
import { ifThere } from '../../../systems/docker/failures.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { eventually } from '../../../stack/engine.ts';
import { bringUpPreflightPlatform, engine, pointId, type PreflightPlatform } from './platform.ts';
import { waitFor } from '../../wait-for.ts';

// One story: the platform alive, then stopped, then its container gone. Nothing of it may be changed by a look.
const docker = new Docker();
let platform: PreflightPlatform;

beforeAll(async () => {
  platform = await bringUpPreflightPlatform();
});
afterAll(() => platform.remove());

const faultsOf = (checks: Check[]) =>
  checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ name, verdict, evidence }) => `${name} ${verdict}: ${evidence}`);
const evidenceOf = (checks: Check[], name: string) =>
  checks.find((check) => check.name === name)?.evidence ?? 'no check';

async function scratchLeft(): Promise<string[]> {
  const filters = { label: [`rekindle.scratch=${platform.name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  return [...containers.map(({ Names }) => Names[0] ?? ''), ...networks.map(({ Name }) => Name)];
}
async function anonymousVolumes(): Promise<string[]> {
  const { Volumes } = await docker.listVolumes({ filters: { dangling: ['true'] } });
  return ((Volumes as typeof Volumes | null) ?? [])
    .map(({ Name }) => Name)
    .filter((name) => /^[0-9a-f]{64}$/.test(name));
}

async function withBucket<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
  const { endpoint, accessKey, secretKey } = platform.s3;
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
const keysIn = (prefix: string) =>
  withBucket(async (client) => {
    const page = await client.send(new ListObjectsV2Command({ Bucket: platform.bucket, Prefix: prefix }));
    return (page.Contents ?? []).map(({ Key = '' }) => Key);
  });
const read = (key: string) =>
  withBucket(async (client) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: platform.bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  });
const write = (key: string, bytes: Uint8Array) =>
  withBucket((client) => client.send(new PutObjectCommand({ Bucket: platform.bucket, Key: key, Body: bytes })));

/** Changes an object for the length of `work`. */
async function withObject(key: string, bytes: Uint8Array | undefined, work: () => Promise<unknown>): Promise<void> {
  const kept = await read(key);
  try {
    if (bytes) await write(key, bytes);
    else await withBucket((client) => client.send(new DeleteObjectCommand({ Bucket: platform.bucket, Key: key })));
    await work();
  } finally {
    await write(key, kept);
  }
}
async function newestIndex(): Promise<string> {
  const keys = await keysIn('es/index-');
  return keys.toSorted((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1])).at(-1)!;
}

/** The repository's index as another cluster would have written it, with a snapshot of its own. */
async function asWrittenByAnother(work: () => Promise<unknown>): Promise<void> {
  const key = await newestIndex();
  const index = JSON.parse(new TextDecoder().decode(await read(key))) as { cluster_id: string; snapshots: object[] };
  index.cluster_id = 'AAAAAAAAAAAAAAAAAAAAAA';
  index.snapshots.push({ name: 'of-another', uuid: 'BBBBBBBBBBBBBBBBBBBBBB', state: 1 });
  await withObject(key, new TextEncoder().encode(JSON.stringify(index)), work);
}

test('a platform file against what runs: all fits; a pattern without an index and a wrong service are found', async () => {
  const open = await platform.open();
  const namesOf = (checks: Check[]) => checks.map(({ name }) => name);
  const checks = await validate(open);
  expect(faultsOf(checks)).toEqual([]);
  expect(namesOf(checks)).toEqual(
    expect.arrayContaining(['project', 'services', 'volumes', 'networks', 'store documents', 'indices documents']),
  );
  expect(evidenceOf(checks, 'repository documents')).toBe('"s3_backup" is registered and can be read: 1 snapshots');
  expect(evidenceOf(checks, 'bucket documents')).toMatch(/can be read from here/);

  const [store] = open.platform.stores;
  if (store?.kind !== 'elasticsearch') throw new Error('no store');
  const wrong = {
    ...open.platform,
    stores: [{ ...store, indices: ['nuvla-*', 'nuvla-jobs', '-nuvla-none'] }],
    smoke: [{ service: 'elastic-search', port: 9200, path: '/', expectStatus: 200, timeoutSeconds: 5 }],
  };
  expect(faultsOf(await validate({ ...open, platform: wrong }))).toEqual([
    expect.stringMatching(/^services fail: .*"elastic-search" \(smoke\); did you mean "elasticsearch"\?$/),
    'indices documents fail: no index is meant by nuvla-jobs; did you mean "nuvla-job"?',
  ]);
});

test('alive: every check passes, with figures', async () => {
  const checks = await platform.look();
  expect(faultsOf(checks)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual([
    'recovery point',
    'services',
    'volumes',
    'other containers',
    'secrets',
    'images',
    'networks',
    'disk',
    'repository documents',
    'repository type documents',
    'version documents',
    'snapshots running documents',
    'writers documents',
  ]);
  const { snapshot, clusterUuid } = platform.expected;
  expect(evidenceOf(checks, 'repository documents')).toBe(
    `${snapshot} is in bucket ${platform.bucket}/es: SUCCESS, 2 of 2 indices, 6 of 6 shards; Elasticsearch reads it: SUCCESS, 2 indices, 6 of 6 shards`,
  );
  expect(evidenceOf(checks, 'writers documents')).toBe(
    `last written by this cluster (${clusterUuid}); 1 snapshots, 0 of them not in the catalogue`,
  );
  expect(evidenceOf(checks, 'version documents')).toBe('Elasticsearch is 8.19.0, the snapshot is of 8.19.0');
  expect(evidenceOf(checks, 'disk')).toMatch(/^\d+\.\d GB free under the engine's root, 0\.5 GB needed/);
  expect(faultsOf(await platform.look({}, 'remove'))).toEqual([]);
});

test('a snapshot that runs, a restore that runs', async () => {
  const client = await platform.client();
  await client.snapshot.createRepository({
    name: 'slow',
    verify: false,
    body: {
      type: 's3',
      settings: {
        bucket: platform.bucket,
        base_path: 'slow',
        max_snapshot_bytes_per_sec: '1kb',
        max_restore_bytes_per_sec: '1kb',
        endpoint: platform.s3.endpoint,
        path_style_access: 'true',
      },
    } as never,
  });
  await client.snapshot.create({
    repository: 'slow',
    snapshot: 'by-hand',
    indices: 'nuvla-job',
    wait_for_completion: false,
  });
  try {
    expect(faultsOf(await platform.look())).toEqual([
      'snapshots running documents fail: 1 snapshots run: slow/by-hand',
    ]);
  } finally {
    await client.snapshot.delete({ repository: 'slow', snapshot: 'by-hand' });
  }
  await client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': '1kb' } });
  await client.snapshot.restore({
    repository: 's3_backup',
    snapshot: platform.expected.snapshot,
    indices: 'nuvla-job',
    rename_pattern: 'nuvla',
    rename_replacement: 'copy',
    wait_for_completion: false,
  });
  try {
    await waitFor(async () =>
      expect((await client.cat.recovery({ format: 'json', active_only: true })).length).toBeGreaterThan(0),
    );
    expect(faultsOf(await platform.look()).join()).toMatch(
      /^snapshots running documents fail: \d shards are being restored: copy-job\[\d\]/,
    );
  } finally {
    await client.indices.delete({ index: 'copy-job' });
    await client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': null } });
    await client.snapshot.deleteRepository({ name: 'slow' });
    await client.close();
  }
}, 120_000);

test('a file of one shard is missing in the bucket', async () => {
  const [blob = ''] = (await keysIn('es/indices/')).filter((key) => /\/1\/snap-.*\.dat$/.test(key));
  await withObject(blob, undefined, async () => {
    const checks = await platform.look();
    expect(faultsOf(checks)).toEqual([
      expect.stringMatching(/^repository documents fail: .* lacks nuvla-(job|user)\[1\]/),
    ]);
  });
});

test('secrets that are missing are told at once; what needs them says so', async () => {
  await platform.secret('access', undefined);
  await platform.secret('secret', undefined);
  try {
    const checks = await platform.look();
    expect(evidenceOf(checks, 'secrets')).toMatch(/^2 of 3 are missing: .*access_key.*secret_key/s);
    expect(evidenceOf(checks, 'repository documents')).toBe('cannot be checked without its secrets');
  } finally {
    await platform.secret('access', platform.s3.accessKey);
    await platform.secret('secret', platform.s3.secretKey);
  }
});

test('another cluster wrote to the repository', () =>
  asWrittenByAnother(async () => {
    const faults = faultsOf(await platform.look());
    expect(faults.find((fault) => fault.startsWith('writers'))).toBe(
      "writers documents fail: last written by the cluster AAAAAAAAAAAAAAAAAAAAAA, which is not this platform's; 2 snapshots, 1 of them not in the catalogue: of-another",
    );
  }));

test('dead: a scratch Elasticsearch proves the snapshot, and is gone afterwards', async () => {
  await engine.stopContainers(
    [{ name: `${platform.name}_elasticsearch_1`, restartPolicy: { name: 'no', maximumRetryCount: 0 } }],
    10,
  );
  const before = await anonymousVolumes();
  const generation = await newestIndex();
  const started = performance.now();
  const checks = await platform.look();
  console.log(`preflight with a scratch Elasticsearch: ${Math.round(performance.now() - started)} ms`);
  expect(faultsOf(checks)).toEqual([]);
  expect(evidenceOf(checks, 'repository documents')).toContain(
    'a scratch Elasticsearch of its image reads it: SUCCESS, 2 indices, 6 of 6 shards',
  );
  expect(evidenceOf(checks, 'repository type documents')).toBe('"s3" on a scratch Elasticsearch of its image');
  expect(evidenceOf(checks, 'version documents')).toBe('its image starts 8.19.0, the snapshot is of 8.19.0');
  expect(evidenceOf(checks, 'snapshots running documents')).toContain('does not run');
  expect(evidenceOf(checks, 'writers documents')).toContain('last written by the cluster of recent recovery points');
  expect(await scratchLeft()).toEqual([]);
  // Those of a container that another file of tests is just removing go, too; a forgotten one stays.
  await eventually('no anonymous volume is left', 20, async () => {
    const left = await anonymousVolumes();
    expect(left.filter((volume) => !before.includes(volume))).toEqual([]);
  });
  // It only read.
  expect(await newestIndex()).toBe(generation);
}, 180_000);

test('dead, and a look that wants no scratch: what only that could tell is left out', async () => {
  const checks = await platform.look({ scratch: 'never' });
  expect(faultsOf(checks)).toEqual([]);
  expect(checks.map(({ name }) => name)).not.toContain('repository type documents');
  expect(evidenceOf(checks, 'version documents')).toBe('the image holds 8.19.0, the snapshot is of 8.19.0');
});

test('dead, and a wrong secret: refused, the scratch is removed', async () => {
  await platform.secret('secret', 'not-the-secret');
  try {
    const checks = await platform.look();
    const faults = faultsOf(checks);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(
      /^repository documents fail: .*SignatureDoesNotMatch.*; .*register repository s3_backup/s,
    );
    expect(JSON.stringify(checks)).not.toContain('not-the-secret');
    // The other looks through the same scratch still tell what they saw.
    expect(evidenceOf(checks, 'version documents')).toContain('8.19.0');
    expect(evidenceOf(checks, 'repository type documents')).toContain('"s3"');
  } finally {
    await platform.secret('secret', platform.s3.secretKey);
  }
  expect(await scratchLeft()).toEqual([]);
}, 180_000);

test('cancelled in the middle: nothing is left', async () => {
  const cancel = new AbortController();
  const look = platform.look({
    signal: cancel.signal,
    onProgress: ({ note }) => {
      if (note.includes('rekindle-scratch')) cancel.abort(new Error('cancelled'));
    },
  });
  await expect(look).rejects.toThrow('cancelled');
  expect(await scratchLeft()).toEqual([]);
}, 120_000);

test('what a dead worker left is removed; what a living one uses stays', async () => {
  const { pid: gone } = spawnSync('true');
  const marks = (process: string, until: number) => ({
    'rekindle.run': 'scratch',
    'rekindle.scratch': platform.name,
    'rekindle.scratch.host': hostname(),
    'rekindle.scratch.process': process,
    'rekindle.scratch.until': new Date(Date.now() + until).toISOString(),
  });
  const make = async (suffix: string, labels: Record<string, string>) => {
    const name = `rekindle-scratch-${platform.name}-${suffix}`;
    await docker.createNetwork({ Name: name, CheckDuplicate: true, Labels: labels });
    const container = await docker.createContainer({
      name,
      Image: 'rekindle-stack/node:26',
      Cmd: ['sleep', '300'],
      Labels: labels,
      HostConfig: { NetworkMode: name, Init: true },
    });
    await container.start();
    return name;
  };
  const left = await make('left', marks(`${gone} x`, 60_000));
  const old = await make('old', marks(`${process.ppid} x`, -1));
  const used = await make('used', marks(`${process.ppid} x`, 60_000));
  try {
    await platform.look({ scratch: 'never' });
    expect((await scratchLeft()).toSorted()).toEqual([`/${used}`, used]);
  } finally {
    for (const name of [left, old, used]) await engine.removeScratch(name);
  }
  expect(await scratchLeft()).toEqual([]);
}, 120_000);

test('gone: the scratch is made from the capture', async () => {
  await docker.getContainer(`${platform.name}_elasticsearch_1`).remove({ v: false });
  const checks = await platform.look();
  expect(faultsOf(checks)).toEqual([]);
  expect(evidenceOf(checks, 'repository documents')).toContain(
    'a scratch Elasticsearch of its image reads it: SUCCESS',
  );
  expect(await scratchLeft()).toEqual([]);
  expect(await ifThere(docker.getVolume(platform.volume).inspect())).toBeDefined();
  // Created anew on its old volume, it is the cluster that it was: nobody else has joined it or written to its data.
  const capture = await readCapture(await platform.open(), pointId);
  const name = `${platform.name}_elasticsearch_1`;
  await engine.createContainers(capture, [name]);
  await engine.startContainers([{ name, restartPolicy: { name: 'no', maximumRetryCount: 0 } }]);
  await engine.awaitScratch(name, { port: 9200, timeoutSeconds: 120 });
  const client = await platform.client();
  await awaitUsable(client, { timeoutSeconds: 120 });
  expect((await client.count({ index: 'nuvla-job' })).count).toBe(300);
  await client.close();
}, 300_000);
