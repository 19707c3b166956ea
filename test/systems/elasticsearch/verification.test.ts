import { randomBytes } from 'node:crypto';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { contentOf } from '../../../systems/elasticsearch/repository/checked-file.ts';
import { observeFiles } from '../../../systems/elasticsearch/repository/snapshot-files.ts';
import { observeMetadata } from '../../../systems/elasticsearch/repository/snapshot-metadata.ts';
import { readShardFiles } from '../../../systems/elasticsearch/repository/shard-files.ts';
import { observeSnapshot } from '../../../systems/elasticsearch/snapshots/observe-snapshot.ts';
import { deleteSnapshot, listSnapshots } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import type { Failure } from '../../../domain/failures.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { s3Keys, startServers, type TestServers } from '../servers.ts';
import { createIndex, seedDocuments } from './seed.ts';
import { connectWithKeys } from './with-repository-keys.ts';

// What a real Elasticsearch wrote to a real S3 server, whole and with files missing or damaged.
let servers: TestServers;
let client: Client;
let storage: ObjectStorage;
const indices = [
  { name: 'many', primaries: 3 },
  { name: 'big', primaries: 1 },
];
const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: 'es', chunk_size: '5mb' } };
const register = (settings = {}) =>
  ensureRepository(client, { ...repository, settings: { ...repository.settings, ...settings } }, { readonly: false });
const take = (snapshot: string) =>
  takeSnapshot(client, {
    repository: 'backup',
    snapshot,
    indices: indices.map(({ name }) => name),
    metadata: { run: 'r' },
  });
const look = async (snapshot: string, files = 1_000) =>
  observeFiles(storage, await readRepositoryIndex(storage), snapshot, indices, { files });
const keys = async (prefix: string) => {
  const found: { key: string; bytes: number }[] = [];
  for await (const object of storage.list(prefix)) found.push(object);
  return found;
};
/** A blob of the one shard of `big`, or its list in a snapshot. */
const shardOf = async (index: string, shard: number) =>
  `indices/${(await readRepositoryIndex(storage)).indices[index]?.id ?? ''}/${shard}/`;
/** Does something to an object for the time of `work`. */
async function spoiled(key: string, bytes: Uint8Array | undefined, work: () => Promise<void>): Promise<void> {
  const kept = await storage.get(key);
  if (kept === undefined) throw new Error(`${key} is not there`);
  await (bytes ? storage.put(key, bytes) : storage.delete(key));
  try {
    await work();
  } finally {
    await storage.put(key, kept);
  }
}

beforeAll(async () => {
  servers = await startServers();
  client = await connectWithKeys(servers);
  storage = s3Storage({
    bucket: 'backups',
    prefix: 'es',
    endpoint: await servers.endpointFromHere(),
    region: 'us-east-1',
    ...s3Keys,
  });
  await register();
  await createIndex(client, 'many');
  await seedDocuments(client, 'many', 3_000);
  await client.indices.create({
    index: 'big',
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { properties: { payload: { type: 'text', index: false } } },
  });
  // Text that does not compress, in one segment: a file of several parts.
  const operations = Array.from({ length: 120 }, () => [
    { index: {} },
    { payload: randomBytes(96 * 1024).toString('base64') },
  ]).flat();
  await client.bulk({ index: 'big', operations });
  await client.indices.forcemerge({ index: 'big', max_num_segments: 1 });
  await take('first');
  await seedDocuments(client, 'many', 500, 0, 3_000);
  await take('second');
});
afterAll(() => servers.stop());

test('a complete snapshot: nodes, indices, shards, and every file with its size', async () => {
  const told = await observeSnapshot(client, 'backup', 'second');
  expect(told).toMatchObject({
    state: 'SUCCESS',
    indices: { many: { done: 3, failed: 0, total: 3 }, big: { done: 1, failed: 0, total: 1 } },
  });
  expect(told.nodes.verified).toHaveLength(1);
  expect(told.nodes.wanted).toEqual(told.nodes.verified);
  for (const snapshot of ['first', 'second']) {
    const seen = await look(snapshot);
    expect(seen).toMatchObject({ shards: 4, allShards: 4, faults: [], unreadable: [] });
    expect(seen.files).toBeGreaterThan(8);
  }
});

test('the lists name exactly the files that lie in the folders', async () => {
  const index = await readRepositoryIndex(storage);
  for (const [name, shard] of [
    ['many', 0],
    ['big', 0],
  ] as const) {
    const folder = await shardOf(name, shard);
    const named = new Set<string>();
    for (const { uuid } of index.snapshots)
      for (const { blobs } of readShardFiles(contentOf((await storage.get(`${folder}snap-${uuid}.dat`))!, 'snapshot')))
        for (const blob of blobs) named.add(folder + blob.name);
    const there = (await keys(`${folder}__`)).map(({ key }) => key);
    expect([...named].toSorted()).toEqual(there.toSorted());
  }
  expect((await keys(`${await shardOf('big', 0)}__`)).some(({ key }) => key.endsWith('.part1'))).toBe(true);
});

test('for a sample of files a few shards are read, different ones for another snapshot', async () => {
  const seen = await look('first', 1);
  expect(seen).toMatchObject({ shards: 1, allShards: 4, faults: [] });
});

test('a deleted file is named, with shard and key, though Elasticsearch still calls the snapshot good', async () => {
  const folder = await shardOf('big', 0);
  const gone = (await keys(`${folder}__`))[0]?.key ?? '';
  await spoiled(gone, undefined, async () => {
    const { faults } = await look('second');
    expect(faults).toEqual([expect.stringContaining(`big[0]: ${gone} (`) as string]);
    expect(await observeSnapshot(client, 'backup', 'second')).toMatchObject({ state: 'SUCCESS' });
    // And so would the next one be.
    expect(await take('third')).toMatchObject({ state: 'SUCCESS' });
    expect((await look('third')).faults).toHaveLength(1);
  });
  expect((await look('third')).faults).toEqual([]);
});

test('a file that was cut short', async () => {
  const folder = await shardOf('big', 0);
  const cut = (await keys(`${folder}__`))[0]?.key ?? '';
  await spoiled(cut, new Uint8Array(10), async () => {
    expect((await look('second')).faults).toEqual([expect.stringMatching(/has 10 bytes instead of \d+/) as string]);
  });
});

test("a shard's own file that is gone: both say so", async () => {
  const folder = await shardOf('many', 1);
  const uuid = (await readRepositoryIndex(storage)).snapshots.find(({ name }) => name === 'second')?.uuid ?? '';
  await spoiled(`${folder}snap-${uuid}.dat`, undefined, async () => {
    await expect(observeSnapshot(client, 'backup', 'second')).rejects.toMatchObject({ kind: 'RepositoryCorrupted' });
    expect((await look('second')).faults).toEqual([`many[1]: ${folder}snap-${uuid}.dat is not there`]);
  });
});

test("a shard's own file that is torn, or has one wrong byte", async () => {
  const folder = await shardOf('many', 1);
  const uuid = (await readRepositoryIndex(storage)).snapshots.find(({ name }) => name === 'second')?.uuid ?? '';
  const key = `${folder}snap-${uuid}.dat`;
  for (const [bytes, why] of [
    [(await storage.get(key))!.slice(0, 60), 'form of a snapshot file'],
    [flipped((await storage.get(key))!), 'checksum'],
  ] as const)
    await spoiled(key, bytes, async () => {
      expect((await look('second')).faults).toEqual([
        expect.stringMatching(new RegExp(`^many\\[1\\]: .* is damaged: .*${why}`)) as string,
      ]);
    });
});

const flipped = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 0xff : byte));

test('metadata: all that a restore reads is read, and each file that is gone or has one wrong byte is named', async () => {
  const index = await readRepositoryIndex(storage);
  const lookAtMetadata = async () => observeMetadata(storage, index, 'second', indices);
  // Two of the snapshot, one for each index, one for each shard.
  expect(await lookAtMetadata()).toEqual({ files: 2 + 2 + 4, faults: [] });
  const uuid = index.snapshots.find(({ name }) => name === 'second')?.uuid ?? '';
  const folder = `indices/${index.indices['many']?.id ?? ''}`;
  const [ofIndex = ''] = (await keys(`${folder}/meta-`)).map(({ key }) => key);
  const [ofShard = ''] = (await keys(`${folder}/2/index-`)).map(({ key }) => key);
  for (const [key, what] of [
    [`snap-${uuid}.dat`, 'the snapshot itself'],
    [`meta-${uuid}.dat`, 'the global metadata'],
    [ofIndex, 'the metadata of many'],
    [ofShard, 'many[2]'],
  ] as const) {
    await spoiled(key, flipped((await storage.get(key))!), async () => {
      expect((await lookAtMetadata()).faults).toEqual([
        `${what}: ${key} is damaged: its checksum does not match its content`,
      ]);
    });
    await spoiled(key, undefined, async () => {
      expect((await lookAtMetadata()).faults).toEqual([`${what}: ${key} is not there`]);
    });
  }
});

test('a repository that does not compress its lists', async () => {
  await register({ compress: 'false' });
  await take('plain');
  expect(await look('plain')).toMatchObject({ shards: 4, faults: [], unreadable: [] });
  await register();
});

test("the repository's index is gone: a snapshot cannot be finished, and every check says why", async () => {
  const { generation } = await readRepositoryIndex(storage);
  await spoiled(`index-${generation}`, undefined, async () => {
    const told = async (work: Promise<unknown>) => {
      const failure = await work.catch((error: unknown) => error);
      return `${(failure as Failure).kind} ${JSON.stringify(((failure as Failure).cause as { body?: unknown } | undefined)?.body)}`;
    };
    const failures = [
      await told(take('lost')),
      await told(listSnapshots(client, 'backup')),
      await told(deleteSnapshot(client, 'backup', 'lost')),
      await told(take('again')),
    ];
    expect(failures.filter((failure) => !failure.startsWith('RepositoryCorrupted'))).toEqual([]);
  });
  // As the runbook says: the file is put back, the registration made anew.
  await client.snapshot.deleteRepository({ name: 'backup' });
  await register();
  expect((await listSnapshots(client, 'backup')).map(({ name }) => name)).toContain('plain');
  expect(await take('after')).toMatchObject({ state: 'SUCCESS' });
});
