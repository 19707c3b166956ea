import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Client } from '@elastic/elasticsearch';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { elasticsearchClient } from '../../../stack/clients.ts';
import { containersOf, nameOf } from '../../../stack/engine.ts';
import { startS3Server, type S3Server } from '../../../stack/s3-server.ts';
import { incompressible } from '../../../stack/seed-content.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { engineNow, expectMessage, expectPassed } from '../faults-tools/message.ts';
import { outageSeconds, type PlatformFile, useVariants } from '../faults-tools/variants.ts';
import { type EngineSnapshot, pointsOf, useScenario } from '../harness/index.ts';

// What can go wrong with a backup, made for real: each is told by its own kind with a remedy, leaves no half snapshot and
// no recovery point, and the platform as it was.

const scenario = useScenario({ fresh: true });
const variants = useVariants(scenario);
const telemetry = 'nuvla-telemetry';
let client: Client;
let name: string;
let bucket: ObjectStorage;
let small: S3Server | undefined;
let before: { engine: EngineSnapshot; snapshots: string[]; points: string[] };

const snapshots = async (repository = 's3_backup') => {
  const { snapshots: found = [] } = await client.snapshot.get({ repository, snapshot: '*' });
  return found.map(({ snapshot }) => snapshot).toSorted();
};
const points = async () => (await pointsOf(scenario)).map(({ id }) => id).toSorted();
const registered = async () =>
  (await client.snapshot.getRepository({ name: 's3_backup' }))['s3_backup'] as unknown as {
    type: string;
    settings: Record<string, string>;
  };
/** As a person changes it with curl. */
const register = async (settings: Record<string, string>) => {
  const { type, settings: old } = await registered();
  await client.snapshot.createRepository({
    name: 's3_backup',
    repository: { type, settings: { ...old, ...settings } } as never,
  });
};
const write = async (megabytes: number, seed: string) => {
  const documents = [...incompressible(megabytes * 1e6, seed)];
  for (let start = 0; start < documents.length; start += 100)
    await client.bulk({
      index: telemetry,
      operations: documents.slice(start, start + 100).flatMap((document) => [{ create: {} }, document]),
    });
  await client.indices.flush({ index: telemetry });
};
const keysOf = async (prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of bucket.list(prefix)) keys.push(key);
  return keys;
};

/** A backup that ends badly: its message, and nothing of it left. */
async function expectFailed(kind: string, exitCode: number, says: (string | RegExp)[]): Promise<void> {
  const ended = await variants.rekindle(['backup', name]);
  await expectMessage(scenario, ended, exitCode, says);
  const document = await variants.rekindle(['status', name, '--json']);
  expect((document.json as RunProgress).failure?.kind, document.stdout).toBe(kind);
}

beforeAll(async () => {
  name = scenario.platform.project;
  const { s3, buckets } = scenario.platform;
  const { endpoint, accessKey, secretKey } = s3;
  bucket = s3Storage({ bucket: buckets.repository, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey });
  client = await elasticsearchClient(scenario.platform);
  await variants.startWorker();
  await client.indices.create({
    index: telemetry,
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { dynamic: false, properties: { payload: { type: 'text', index: false } } },
  });
  await write(4, 'first');
  expectPassed(await variants.rekindle(['backup', name]));
});
beforeEach(async () => {
  await variants.write();
  before = { engine: await engineNow(), snapshots: await snapshots(), points: await points() };
});
/** The platform untouched, and neither a recovery point nor half a snapshot more. */
const nothingLeft = async () => {
  expect(await points()).toEqual(before.points);
  expect(await engineNow()).toEqual(before.engine);
  expect(await snapshots()).toEqual(before.snapshots);
};
afterEach(() => client.indices.delete({ index: 'nuvla-nowhere', ignore_unavailable: true }));
afterAll(async () => {
  await client.indices.delete({ index: [telemetry, 'nuvla-nowhere', 'nuvla-damaged'], ignore_unavailable: true });
  await client.close();
  await small?.remove();
  // The repository as it was: what these tests spoiled and mended is not for others.
  await scenario.reset();
});

test('every backup tells what was looked at', async () => {
  const ended = await variants.rekindle(['backup', name, '--json']);
  expectPassed(ended);
  const { checks } = ended.json as RunProgress;
  const evidence = Object.fromEntries(checks.map((check) => [check.name, check.evidence]));
  expect(evidence).toMatchObject({
    'repository documents': 's3_backup verified on 1 of 1 nodes',
    'expected set documents': expect.stringMatching(/is SUCCESS, (\d+) of \1 indices$/) as string,
    'shards documents': expect.stringMatching(/^(\d+) of \1 shards done, 0 failed/) as string,
    'blobs documents': expect.stringMatching(/^\d+ files of \d+ of \d+ shards are in bucket /) as string,
  });
});

test('a restore holds the platform: skipped, with a note that names it', async () => {
  const waiting = await variants.rekindle(['restore', name, '--json']);
  const { run } = waiting.json as RunProgress;
  expect(waiting.exitCode).toBe(4);
  try {
    const ended = await variants.rekindle(['backup', name]);
    expect(ended.exitCode).toBe(3);
    expect(ended.stdout).toContain(`${run} holds ${name}; no backup was taken`);
  } finally {
    await variants.rekindle(['reject', run, '--reason', 'only a test']);
  }
  await nothingLeft();
});

test('a red cluster: refused, the index named', async () => {
  await client.indices.create({
    index: 'nuvla-nowhere',
    settings: { 'index.routing.allocation.require._name': 'no-such-node' },
    wait_for_active_shards: 0,
  });
  await expectFailed('ClusterRed', 3, [/Elasticsearch is red/, /nuvla-nowhere/, /_cluster\/allocation\/explain/]);
  await nothingLeft();
});

test('another snapshot runs: waited for in plain sight, then refused; it goes on undisturbed', async () => {
  await write(4, 'second');
  await register({ max_snapshot_bytes_per_sec: '20kb' });
  await client.snapshot.create({ repository: 's3_backup', snapshot: 'of-another', indices: telemetry });
  try {
    await expectFailed('SnapshotRunning', 3, [
      new RegExp(`waiting: prepare store documents, for at most ${outageSeconds} s: waits for snapshot of-another`),
      /the snapshot of-another still runs/,
      /DELETE _snapshot\/s3_backup/,
    ]);
    expect((await snapshots()).filter((each) => !before.snapshots.includes(each))).toEqual(['of-another']);
  } finally {
    await client.snapshot.delete({ repository: 's3_backup', snapshot: 'of-another' });
  }
  await nothingLeft();
});

test('a repository that somebody registered read-only stays so; what a run left behind does not hinder', async () => {
  await register({ readonly: 'true' });
  await expectFailed('RepositoryReadonly', 3, [
    /registered read-only, and not by a run of Rekindle/,
    /last written by this very cluster/,
    /two writers corrupt it/,
  ]);
  expect((await registered()).settings['readonly']).toBe('true');
  await nothingLeft();

  await register({ readonly: 'true', rekindle_readonly_by: 'restore/of/another/day' });
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['readonly']).toBeUndefined();
});

test('a platform file that says readonly', async () => {
  await variants.write((file) => (file.stores[0]!.repository.settings['readonly'] = 'true'));
  await expectFailed('RepositoryReadonly', 3, [/platform file says .* readonly/, /repository\.settings/]);
  await nothingLeft();
});

test("the store's throttle becomes the repository's", async () => {
  const throttled = (file: PlatformFile) =>
    ((file.stores[0] as { snapshotThrottle?: string }).snapshotThrottle = '60mb');
  await variants.write(throttled);
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['max_snapshot_bytes_per_sec']).toBe('60mb');
  await variants.write();
  expectPassed(await variants.rekindle(['backup', name]));
  expect((await registered()).settings['max_snapshot_bytes_per_sec']).toBeUndefined();
});

test('object storage that is full', async () => {
  const { accessKey, secretKey } = scenario.platform.s3;
  small = await startS3Server(`${name}-small-s3`, {}, { credentials: { accessKey, secretKey }, megabytes: 20 });
  const { endpoint } = small;
  await small.createBuckets(['small', 'small-catalogue']);
  await write(30, 'third');
  await variants.write((file) => {
    const { settings } = file.stores[0]!.repository;
    file.stores[0]!.repository.name = 's3_small';
    Object.assign(settings, { bucket: 'small', endpoint });
  });
  await expectFailed('ObjectStorageFull', 1, [/nuvla-telemetry\[0\]/, /Make room in the object storage/]);
  expect(await snapshots('s3_small')).toEqual([]);
  await nothingLeft();

  // The same server full to the brim, as the catalogue's.
  const catalogue = s3Storage({
    bucket: 'small-catalogue',
    prefix: '',
    endpoint,
    region: 'us-east-1',
    accessKey,
    secretKey,
  });
  for (const bytes of [1 << 20, 1 << 12])
    for (let part = 0, full = false; !full; part++)
      full = await catalogue.put(`filler/${bytes}-${part}`, new Uint8Array(bytes)).then(
        () => false,
        () => true,
      );
  await variants.write((file) => Object.assign(file.catalogue, { bucket: 'small-catalogue', endpoint }));
  await expectFailed('ObjectStorageFull', 1, [/writing .*small-catalogue/, /make room where the catalogue lies/]);
  await nothingLeft();
  await client.snapshot.deleteRepository({ name: 's3_small' });
});

test('a shard that cannot be read: partial, the shard named', async () => {
  await client.indices.create({ index: 'nuvla-damaged', settings: { number_of_shards: 1, number_of_replicas: 0 } });
  await client.bulk({
    index: 'nuvla-damaged',
    operations: Array.from({ length: 500 }, (_, number) => [{ index: {} }, { number }]).flat(),
  });
  await client.indices.flush({ index: 'nuvla-damaged', force: true });
  const { [`nuvla-damaged`]: settings } = await client.indices.getSettings({ index: 'nuvla-damaged' });
  const uuid = settings?.settings?.index?.uuid ?? '';
  const [container] = await containersOf(name, 'elasticsearch');
  const damage = `for f in $(find data/indices/${uuid} -name "*.cfs"); do printf XX | dd of=$f bs=1 seek=60 conv=notrunc; done`;
  await connectDocker().exec(nameOf(container!), ['sh', '-c', damage], { stdin: '' });
  await expectFailed('SnapshotPartial', 1, [
    /ended as PARTIAL/,
    /nuvla-damaged\[0\]: /,
    /Make the named shards healthy/,
  ]);
  await client.indices.delete({ index: 'nuvla-damaged' });
  await nothingLeft();
});

test('a file of the repository is deleted: the next backup, which refers to it, is refused its place', async () => {
  const described = await client.snapshot.status({ repository: 's3_backup', snapshot: before.snapshots.at(-1)! });
  expect(described.snapshots).toHaveLength(1);
  const files = await Promise.all(
    (await keysOf('indices/'))
      .filter((key) => /\/__/.test(key))
      .map(async (key) => ({ key, bytes: await bucket.get(key) })),
  );
  const lost = files.toSorted((a, b) => (b.bytes?.length ?? 0) - (a.bytes?.length ?? 0))[0]!;
  await bucket.delete(lost.key);
  try {
    await expectFailed('RepositoryCorrupted', 1, [
      new RegExp(`nuvla-telemetry\\[0\\]: ${lost.key} `),
      /becomes no recovery point/,
      /base_path/,
    ]);
    await nothingLeft();
  } finally {
    await bucket.put(lost.key, lost.bytes!);
  }
  expectPassed(await variants.rekindle(['backup', name]));
});

test("the repository's index is deleted", async () => {
  const [index = ''] = (await keysOf('index-')).toSorted().slice(-1);
  const kept = await bucket.get(index);
  await bucket.delete(index);
  try {
    await expectFailed('RepositoryCorrupted', 1, [/Put the missing files back/]);
    expect(await points()).toEqual(before.points);
    expect(await engineNow()).toEqual(before.engine);
  } finally {
    await bucket.put(index, kept!);
  }
  // As the runbook says: the registration is made anew, then the next backup finds what is there.
  await client.snapshot.deleteRepository({ name: 's3_backup' });
  expectPassed(await variants.rekindle(['backup', name]));
});
