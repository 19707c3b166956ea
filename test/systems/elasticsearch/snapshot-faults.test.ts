import { randomBytes } from 'node:crypto';
import { awaitNoSnapshot, awaitNotRed } from '../../../systems/elasticsearch/admission.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import {
  ensureRepository,
  readRepository,
  withSnapshotLimit,
} from '../../../systems/elasticsearch/repository/repository.ts';
import { deleteSnapshot, listSnapshots, startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { s3Keys, startServers, type TestServers } from '../servers.ts';
import { createIndex, seedDocuments } from './seed.ts';
import { waitFor } from '../../wait-for.ts';
import { connectWithKeys } from './with-repository-keys.ts';

// Each fault of a backup, for real: one Elasticsearch, and an S3 server with little room. The tests run in this order.
let servers: TestServers;
let client: Client;
const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups' } };
const request = (snapshot: string, indices: string[]) => ({
  repository: 'backup',
  snapshot,
  indices,
  metadata: { run: snapshot },
});

beforeAll(async () => {
  servers = await startServers({ s3Megabytes: 24 });
  client = await connectWithKeys(servers);
  await createIndex(client, 'one');
  await seedDocuments(client, 'one', 1_000, 2_000);
});
afterAll(() => servers.stop());

test('the throttle is part of the registration; another value registers again, the same one does not', async () => {
  const register = (throttle?: string, readonly = false) =>
    ensureRepository(client, withSnapshotLimit(repository, throttle), {
      readonly,
      ...(readonly && { by: 'restore/x' }),
    });
  expect(await register('20mb')).toMatchObject({ created: true });
  expect((await readRepository(client, 'backup'))?.settings).toEqual({
    bucket: 'backups',
    max_snapshot_bytes_per_sec: '20mb',
  });
  expect(await register('20mb')).toMatchObject({ changed: false });
  expect(await register('30mb')).toMatchObject({ changed: true });
  // What a restore leaves behind says whose it is, and is no difference by itself.
  expect(await register('30mb', true)).toMatchObject({ changed: true });
  expect(await readRepository(client, 'backup')).toMatchObject({
    readonly: true,
    readonlyBy: 'restore/x',
    settings: { max_snapshot_bytes_per_sec: '30mb' },
  });
  expect(await register('30mb', true)).toMatchObject({ changed: false });
  expect(await register()).toMatchObject({ changed: true });
  expect(await readRepository(client, 'backup')).toEqual({ ...repository, readonly: false });
});

test('a repository that is read-only', async () => {
  await ensureRepository(client, repository, { readonly: true });
  expect((await readRepository(client, 'backup'))?.readonlyBy).toBeUndefined();
  await expect(takeSnapshot(client, request('never', ['one']))).rejects.toMatchObject({ kind: 'RepositoryReadonly' });
  await ensureRepository(client, repository, { readonly: false });
});

test('a red cluster is refused, naming the index; one that recovers is waited for', async () => {
  await awaitNotRed(client, { timeoutSeconds: 10 });
  await client.indices.create({
    index: 'nowhere',
    settings: { number_of_shards: 1, 'index.routing.allocation.require._name': 'no-such-node' },
    wait_for_active_shards: 0,
  });
  const began = performance.now();
  const refused = awaitNotRed(client, { timeoutSeconds: 60 });
  await expect(refused).rejects.toMatchObject({
    kind: 'ClusterRed',
    message: expect.stringContaining('nowhere') as string,
  });
  expect(performance.now() - began).toBeLessThan(20_000);
  const notes: string[] = [];
  const waited = awaitNotRed(client, { timeoutSeconds: 60 }, { onProgress: ({ note }) => notes.push(note) });
  await waitFor(() => expect(notes.length).toBeGreaterThan(0));
  await client.indices.delete({ index: 'nowhere' });
  await waited;
  expect(notes[0]).toContain('status red: nowhere');
});

test('another snapshot that runs is waited for, then refused; its end lets the next one through', async () => {
  await ensureRepository(client, withSnapshotLimit(repository, '20kb'), { readonly: false });
  await startSnapshot(client, request('slow', ['one']));
  const wait = (timeoutSeconds: number, own: string, notes: string[] = []) =>
    awaitNoSnapshot(
      client,
      { repository: 'backup', own, timeoutSeconds },
      { onProgress: ({ note }) => notes.push(note) },
    );
  await expect(wait(1, 'mine')).rejects.toMatchObject({
    kind: 'SnapshotRunning',
    message: expect.stringContaining('slow') as string,
  });
  // One that an earlier attempt of the same run began is its own.
  await wait(1, 'slow');
  const notes: string[] = [];
  const waited = wait(60, 'mine', notes);
  await waitFor(() => expect(notes.at(-1)).toContain('waits for snapshot slow'));
  // The throttle changes while it runs: Elasticsearch takes that setting at once.
  await ensureRepository(client, repository, { readonly: false });
  await deleteSnapshot(client, 'backup', 'slow');
  await waited;
});

test('one that is deleted while it is waited for has failed, and does not hang', async () => {
  await ensureRepository(client, withSnapshotLimit(repository, '20kb'), { readonly: false });
  const notes: string[] = [];
  const taken = takeSnapshot(client, request('aborted', ['one']), { onProgress: ({ note }) => notes.push(note) });
  const failure = taken.catch((error: unknown) => error);
  await waitFor(() => expect(notes.length).toBeGreaterThan(0));
  await deleteSnapshot(client, 'backup', 'aborted');
  expect(await failure).toMatchObject({ kind: expect.stringMatching(/^Snapshot(Failed|Missing|Partial)$/) as string });
  await ensureRepository(client, repository, { readonly: false });
});

test('the end of a snapshot is also noticed by a read-only observer', async () => {
  await startSnapshot(client, request('looked-at', ['one']));
  expect(await awaitSnapshot(client, 'backup', 'looked-at')).toMatchObject({ shards: 3 });
  // Taking it again goes on with what is there.
  expect(await takeSnapshot(client, request('looked-at', ['one']))).toMatchObject({ state: 'SUCCESS' });
});

test('no space for the data: reported as such, and nothing of it is left', async () => {
  await client.indices.create({
    index: 'big',
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: { properties: { payload: { type: 'text', index: false } } },
  });
  for (let part = 0; part < 10; part++)
    await client.bulk({
      index: 'big',
      operations: Array.from({ length: 50 }, () => [
        { index: {} },
        { payload: randomBytes(72 * 1024).toString('base64') },
      ]).flat(),
    });
  await client.indices.forcemerge({ index: 'big', max_num_segments: 1 });
  await expect(takeSnapshot(client, request('too-big', ['big']))).rejects.toMatchObject({
    kind: 'ObjectStorageFull',
    message: expect.stringMatching(/too-big/) as string,
  });
  await deleteSnapshot(client, 'backup', 'too-big');
  expect((await listSnapshots(client, 'backup')).map(({ name }) => name)).toEqual(['looked-at']);
});

test('no space at all: neither a snapshot nor an object of the catalogue', async () => {
  const storage = s3Storage({
    bucket: 'backups',
    prefix: 'catalogue',
    endpoint: await servers.endpointFromHere(),
    region: 'us-east-1',
    ...s3Keys,
  });
  const filler = async (megabytes: number) => {
    for (let part = 0; ; part++) {
      const written = await storage.put(`${megabytes}-${part}`, new Uint8Array(megabytes * 1024 * 1024)).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (written !== undefined) return written;
    }
  };
  expect(await filler(1)).toMatchObject({ kind: 'ObjectStorageFull' });
  expect(await filler(1 / 256)).toMatchObject({ kind: 'ObjectStorageFull' });
  await seedDocuments(client, 'one', 100, 0, 2_000);
  await expect(takeSnapshot(client, request('no-room', ['one']))).rejects.toMatchObject({ kind: 'ObjectStorageFull' });
  await expect(ensureRepository(client, repository, { readonly: false })).rejects.toMatchObject({
    kind: 'ObjectStorageFull',
  });
});
