import { awsSigner } from '../../../systems/aws/sign.ts';
import { connectNodes, type Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable, clusterIdentity } from '../../../systems/elasticsearch/health.ts';
import { giveSecrets, reloadSecureSettings } from '../../../systems/elasticsearch/keystore.ts';
import { proveRepository } from '../../../systems/elasticsearch/repository/prove-writable.ts';
import {
  ensureRepository,
  missingRepositoryType,
  readRepository,
  removeRepository,
} from '../../../systems/elasticsearch/repository/repository.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { listSnapshots, readSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Keys, startServers, usedElasticsearch, type TestServers } from '../servers.ts';
import { useAtEnd } from '../../at-end.ts';
import { signingProxy } from '../../signing-proxy.ts';
import { waitFor } from '../../wait-for.ts';

// One story on one pair of servers: each test goes on where the one before it ended.
const atEnd = useAtEnd();
let servers: TestServers;
let client: Client;
const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: 'es' } };
const register = (readonly = false) => ensureRepository(client, repository, { readonly });
const giveKeys = async (secretKey: string) => {
  await giveSecrets(servers.exec, {
    's3.client.default.access_key': s3Keys.accessKey,
    's3.client.default.secret_key': secretKey,
  });
  await reloadSecureSettings(client);
};

/** The part of an object storage that reading needs. */
const bucketFolder = (bucket: string, folder: string) =>
  ({
    description: bucket,
    get: (key: string) => servers.readObject(bucket, folder + key),
    async *list(prefix: string) {
      for (const { key, bytes } of await servers.listObjects(bucket)) {
        if (key.startsWith(folder + prefix)) yield { key: key.slice(folder.length), bytes };
      }
    },
  }) as unknown as ObjectStorage;

beforeAll(async () => {
  servers = await startServers();
  client = await servers.connect();
});
afterAll(() => servers.stop());

test('a server that is starting is waited for', async () => {
  const notes: string[] = [];
  await awaitUsable(client, { timeoutSeconds: 120 }, { onProgress: ({ note }) => notes.push(note) });
  expect(notes.length).toBeGreaterThan(0);
  const { clusterUuid, version, nodes } = await clusterIdentity(client);
  expect(version).toBe(usedElasticsearch());
  expect(clusterUuid).toHaveLength(22);
  expect(nodes).toHaveLength(1);
});

test('a repository type that no node has', async () => {
  const gcs = { name: 'other', type: 'gcs', settings: { bucket: 'b' } };
  expect(await missingRepositoryType(client, 'gcs')).toHaveLength(1);
  expect(await missingRepositoryType(client, 's3')).toEqual([]);
  await expect(ensureRepository(client, gcs, { readonly: false })).rejects.toMatchObject({
    kind: 'RepositoryTypeMissing',
    message: expect.stringContaining('gcs') as string,
  });
});

test('a keystore without keys, with wrong keys, with the right ones', async () => {
  await expect(register()).rejects.toMatchObject({ kind: 'WrongCredentials' });
  await giveKeys('not-the-secret');
  const wrong = register();
  await expect(wrong).rejects.toMatchObject({ kind: 'WrongCredentials' });
  await expect(wrong).rejects.not.toThrow(s3Keys.secretKey);
  await giveKeys(s3Keys.secretKey);
  await expect(register()).rejects.toMatchObject({ kind: 'BucketMissing' });
  expect(await readRepository(client, repository.name)).toBeUndefined();
});

test('registered once, changed only when it differs', async () => {
  await servers.createBucket('backups');
  expect(await register()).toMatchObject({ created: true, changed: true, nodes: [expect.any(String)] });
  expect(await register()).toMatchObject({ created: false, changed: false });
  expect(await register(true)).toMatchObject({ created: false, changed: true });
  expect(await readRepository(client, repository.name)).toEqual({ ...repository, readonly: true });
  expect(await register()).toMatchObject({ created: false, changed: true });
});

test('the proof leaves nothing behind', async () => {
  await proveRepository(client, repository.name);
  expect(await listSnapshots(client, repository.name)).toEqual([]);
  const keys = (await servers.listObjects('backups')).map(({ key }) => key);
  expect(keys.filter((key) => !/^es\/index/.test(key))).toEqual([]);
});

test('the index of the repository read without Elasticsearch', async () => {
  await client.snapshot.create({
    repository: repository.name,
    snapshot: 's1',
    indices: '-*',
    wait_for_completion: true,
  });
  const { snapshots, generation } = await readRepositoryIndex(bucketFolder('backups', 'es/'));
  expect(generation).toBeGreaterThan(0);
  expect(snapshots).toMatchObject([{ name: 's1', state: 'SUCCESS' }]);
});

test('object storage that went away', async () => {
  await servers.s3.stop({ t: 1 });
  await expect(register()).rejects.toMatchObject({ kind: 'ObjectStorageUnreachable' });
  await expect(proveRepository(client, repository.name)).rejects.toMatchObject({ kind: 'ObjectStorageUnreachable' });
  await servers.s3.start();
  await waitFor(
    async () =>
      expect(
        await register().then(
          () => 'up',
          () => 'down',
        ),
      ).toBe('up'),
    { timeout: 30_000 },
  );
});

test('a missing snapshot, and a missing repository', async () => {
  await expect(readSnapshot(client, repository.name, 'nothing')).rejects.toMatchObject({ kind: 'SnapshotMissing' });
  await removeRepository(client, repository.name);
  await removeRepository(client, repository.name);
  await expect(listSnapshots(client, repository.name)).rejects.toMatchObject({ kind: 'RepositoryRefused' });
});

test('requests signed for Amazon, through a proxy that checks every signature', async () => {
  const by = { accessKey: 'AKID', secretKey: 'right-secret-key', region: 'eu-west-1', service: 'es' };
  const proxy = await signingProxy(client.connectionPool.connections[0]!.url, by, atEnd);
  const connect = (secretAccessKey: string) => {
    const sign = awsSigner({ keys: () => Promise.resolve({ accessKeyId: 'AKID', secretAccessKey }), ...by });
    const signed = connectNodes([{ url: new URL(proxy.url) }], { sign });
    atEnd(() => signed.close());
    return signed;
  };
  const right = connect(by.secretKey);
  await ensureRepository(right, repository, { readonly: false });
  await right.index({ index: 'signed', id: "it's a/b", document: { text: 'ü' }, refresh: true });
  expect(await right.count({ index: ['sig*', 'signed'], q: 'text:ü' })).toMatchObject({ count: 1 });
  expect(await listSnapshots(right, repository.name)).toEqual(await listSnapshots(client, repository.name));
  await right.indices.delete({ index: 'signed' });
  expect(proxy.seen.filter((each) => !each.startsWith('passed'))).toEqual([]);
  await expect(listSnapshots(connect('wrong-secret-key'), repository.name)).rejects.toMatchObject({
    kind: 'WrongCredentials',
  });
  await removeRepository(right, repository.name);
});

test('Elasticsearch that went away', async () => {
  await servers.elasticsearch.stop({ t: 5 });
  const started = performance.now();
  await expect(clusterIdentity(client)).rejects.toMatchObject({ kind: 'ElasticsearchUnreachable' });
  await expect(awaitUsable(client, { timeoutSeconds: 1 })).rejects.toMatchObject({ kind: 'ElasticsearchUnreachable' });
  expect(performance.now() - started).toBeLessThan(12_000);
});
