import { awaitRestore } from '../../../systems/elasticsearch/restore/await-restore.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { giveSecrets, reloadSecureSettings } from '../../../systems/elasticsearch/keystore.ts';
import {
  ensureRepository,
  readRepository,
  withRestoreLimit,
} from '../../../systems/elasticsearch/repository/repository.ts';
import { forgetRestore, readMarker } from '../../../systems/elasticsearch/restore/restore-marker.ts';
import { startRestore } from '../../../systems/elasticsearch/restore/restore.ts';
import { startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { raiseThrottles, readThrottles, resetThrottles } from '../../../systems/elasticsearch/restore/throttles.ts';
import { s3Keys, startServers, type TestServers } from '../servers.ts';
import { createIndex, seedDocuments } from './seed.ts';

let servers: TestServers;
let client: Client;
const bytes = 'indices.recovery.max_bytes_per_sec';
const primaries = 'cluster.routing.allocation.node_initial_primaries_recoveries';
const settings = async () => client.cluster.getSettings({ flat_settings: true });

beforeAll(async () => {
  servers = await startServers();
  client = await servers.connect();
  await awaitUsable(client, { timeoutSeconds: 120 });
});
afterAll(() => servers.stop());
beforeEach(async () => {
  const none = { 'indices.*': null, 'cluster.*': null };
  await client.cluster.putSettings({ transient: none, persistent: none });
});

test('previous settings are put back, also when the raise was repeated', async () => {
  await client.cluster.putSettings({
    transient: { [bytes]: '11mb' },
    persistent: { [bytes]: '7mb', [primaries]: '3' },
  });
  const before = await settings();
  expect(await raiseThrottles(client, '2gb')).toEqual({ [bytes]: '11mb', [primaries]: null });
  expect(await raiseThrottles(client, '3gb')).toEqual({ [bytes]: '11mb', [primaries]: null });
  expect(await readThrottles(client)).toEqual({ [bytes]: '3gb', [primaries]: '12' });
  expect(await resetThrottles(client)).toEqual({ [bytes]: '11mb', [primaries]: null });
  // Nothing of the memory is left, and what was persistent was never touched.
  expect(await settings()).toEqual(before);
  expect(await resetThrottles(client)).toBeUndefined();
  expect(await settings()).toEqual(before);
});

test("without a record nothing is changed: an operator's settings are left alone", async () => {
  await client.cluster.putSettings({ transient: { [bytes]: '5mb' } });
  expect(await resetThrottles(client)).toBeUndefined();
  expect(await readThrottles(client)).toEqual({ [bytes]: '5mb', [primaries]: null });
});

test('the record survives the restore of a global state; the repository gets its own limit back', async () => {
  await giveSecrets(servers.exec, {
    's3.client.default.access_key': s3Keys.accessKey,
    's3.client.default.secret_key': s3Keys.secretKey,
  });
  await reloadSecureSettings(client);
  await servers.createBucket('backups');
  const limits = { max_restore_bytes_per_sec: '20mb', max_snapshot_bytes_per_sec: '30mb' };
  const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups', ...limits } };
  await ensureRepository(client, repository, { readonly: false });
  await createIndex(client, 'one');
  await seedDocuments(client, 'one', 100);
  await client.cluster.putSettings({ persistent: { [bytes]: '9mb' } });
  const request = { repository: 'backup', snapshot: 's1', indices: ['one'] };
  await startSnapshot(client, { ...request, metadata: { run: 'r1' } });
  await awaitSnapshot(client, 'backup', 's1');
  await client.indices.delete({ index: 'one' });
  await client.cluster.putSettings({ persistent: { [bytes]: '8mb' }, transient: { [primaries]: '6' } });

  await ensureRepository(client, withRestoreLimit(repository, '2gb'), { readonly: true });
  expect((await readRepository(client, 'backup'))?.settings).toMatchObject({
    ...limits,
    max_restore_bytes_per_sec: '2gb',
  });
  await raiseThrottles(client, '2gb');
  await startRestore(client, { ...request, globalState: true });
  await awaitRestore(client, request);
  expect(await resetThrottles(client)).toEqual({ [bytes]: null, [primaries]: '6' });
  const { persistent, transient } = await settings();
  // The persistent throttle is the restored one: a restore brings the cluster's settings, too.
  expect([persistent[bytes], transient]).toEqual(['9mb', { [primaries]: '6' }]);
  expect((await readMarker(client)).finished).toBe(true);
  await forgetRestore(client);
  expect(await readMarker(client)).toEqual({ source: '', uuids: [], finished: false });

  await ensureRepository(client, repository, { readonly: false });
  expect(await readRepository(client, 'backup')).toEqual({ ...repository, readonly: false });
  const plain = { ...repository, settings: { bucket: 'backups' } };
  expect(withRestoreLimit(plain, '2gb')).toEqual(plain);
});
