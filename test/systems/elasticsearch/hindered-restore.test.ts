import { expectedIndices, uncountedIndices } from '../../../domain/recovery-points/expected-set.ts';
import { hinderingClusterSettings } from '../../../domain/recovery-points/hindering-settings.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import type { Client } from '../../../systems/elasticsearch/client.ts';
import { takeMarks, takeMarksAfter } from '../../../systems/elasticsearch/documents/marks.ts';
import { installedFeatures, userRealm } from '../../../systems/elasticsearch/features.ts';
import { closeIndices, describeIndices } from '../../../systems/elasticsearch/indices.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { awaitRestore } from '../../../systems/elasticsearch/restore/await-restore.ts';
import { checkExpectedSet } from '../../../systems/elasticsearch/restore/check-expected-set.ts';
import { checkFeatureStates } from '../../../systems/elasticsearch/restore/check-kept-together.ts';
import { putBackSettings } from '../../../systems/elasticsearch/restore/index-settings.ts';
import { clusterSettings } from '../../../systems/elasticsearch/restore/overrides.ts';
import { forgetRestore } from '../../../systems/elasticsearch/restore/restore-marker.ts';
import { startRestore, type RestoreWork } from '../../../systems/elasticsearch/restore/restore.ts';
import { resetThrottles } from '../../../systems/elasticsearch/restore/throttles.ts';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import { startServers, type TestServers } from '../servers.ts';
import { waitFor } from '../../wait-for.ts';
import { connectWithKeys } from './with-repository-keys.ts';

// What comes with a snapshot and would stop its own restore, on a real server.
let servers: TestServers;
let client: Client;
let expected: ExpectedSet;
const required = { 'index.routing.allocation.require._name': 'gone' };
const blocks = { 'index.blocks.read_only': 'true', 'index.blocks.metadata': 'true' };
const names = ['filtered', 'plain', 'shut', 'unread'];
const persistent = { 'cluster.routing.allocation.enable': 'none', 'cluster.routing.allocation.exclude.rack': 'r1' };
const work: RestoreWork = { repository: 'backup', snapshot: 's', indices: names, globalState: true };

beforeAll(async () => {
  servers = await startServers();
  client = await connectWithKeys(servers);
  await ensureRepository(client, { name: 'backup', type: 's3', settings: { bucket: 'backups' } }, { readonly: false });
  for (const index of names) {
    await client.indices.create({ index, settings: { number_of_shards: 1, number_of_replicas: 1 } });
    await client.index({ index, id: '1', document: { payload: 'x' }, refresh: true });
  }
  // A task that is asked for later: Elasticsearch keeps its result in a system index.
  await client.transport.request({ method: 'POST', path: '/plain/_forcemerge?wait_for_completion=false' });
  await waitFor(async () => expect((await describeIndices(client, ['.tasks'])).length).toBe(1), {
    timeout: 60_000,
  });
  await client.indices.putSettings({ index: 'filtered,shut', settings: required });
  await client.indices.close({ index: 'shut' });
  for (const [name, value] of Object.entries(blocks))
    await client.indices.putSettings({ index: 'shut', settings: { [name]: value } });
  await client.indices.putSettings({ index: 'unread', settings: { 'index.blocks.read': true } });
  await client.cluster.putSettings({ persistent });
});
afterAll(() => servers.stop());

async function wipe() {
  for (const index of [...names, '.tasks'])
    for (const name of Object.keys(blocks))
      await client.indices.putSettings({ index, settings: { [name]: null } }, { ignore: [404] });
  await client.indices.delete({ index: names, ignore_unavailable: true });
  await client.cluster.putSettings({
    persistent: Object.fromEntries(Object.keys(persistent).map((name) => [name, null])),
  });
  await forgetRestore(client);
}

test('a backup counts what it can, and records what would hinder its restore', async () => {
  expect(await installedFeatures(client)).toContain('tasks');
  expect(await userRealm(client)).toBeUndefined();
  const before = await takeMarks(client, names, 5);
  const ended = await takeSnapshot(client, { ...work, metadata: { run: 'r' } });
  const indices = expectedIndices(before, await takeMarksAfter(client, before));
  expect(uncountedIndices(indices)).toEqual(['shut: index.blocks.metadata is set', 'unread: index.blocks.read is set']);
  expect(Object.fromEntries(indices.map(({ name, settings }) => [name, settings]))).toMatchObject({
    filtered: required,
    shut: { ...required, ...blocks },
    unread: { 'index.blocks.read': 'true' },
  });
  expect(ended.featureStates).toEqual([{ name: 'tasks', indices: ['.tasks'] }]);
  const settings = hinderingClusterSettings((await clusterSettings(client)).persistent);
  expect(settings).toEqual(persistent);
  expected = { indices, featureStates: ended.featureStates, clusterSettings: settings } as ExpectedSet;
  expected.repository = 'backup';
  expected.snapshot = 's';
});

test('the restore leaves it out and puts it back', async () => {
  await wipe();
  const settings = Object.fromEntries(expected.indices.map(({ name, settings: of = {} }) => [name, of]));
  const features = { tasks: ['.tasks'] };
  for (const attempt of ['first', 'repeated']) {
    const request = { ...work, settings, features, clusterSettings: expected.clusterSettings };
    const { started, leftOut } = await startRestore(client, request);
    expect(started).toEqual(attempt === 'first' ? names : []);
    await awaitRestore(client, request);
    await closeIndices(client, ['shut']);
    expect(await putBackSettings(client, leftOut)).toBe(attempt === 'first' ? 3 : 0);
  }
  await resetThrottles(client);
  expect(await clusterSettings(client)).toMatchObject({ persistent, transient: {} });
  const described = Object.fromEntries((await describeIndices(client, names)).map((index) => [index.name, index]));
  expect(described['shut']).toMatchObject({ state: 'closed', settings: { ...required, ...blocks } });
  expect(described['filtered']?.settings).toMatchObject(required);
  const checks = [
    ...(await checkExpectedSet(client, expected)),
    ...(await checkFeatureStates(client, expected.featureStates ?? [])),
  ];
  expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
}, 120_000);

test('nobody recorded the settings: the failure names them, and a retry restores the index again', async () => {
  await wipe();
  const failure = await startRestore(client, work).then(
    () => awaitRestore(client, work).catch((error: unknown) => error),
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    kind: 'RestoreFailed',
    message: expect.stringMatching(
      /No node takes the shard (filtered|shut)\[0\], nor 1 others: \S+: node does not match index setting \[index\.routing\.allocation\.require\] filters \[_name:"gone"\]/,
    ) as string,
  });
  const { started, leftOut } = await startRestore(client, work);
  expect(started).toEqual(['filtered', 'shut']);
  expect(leftOut).toMatchObject({ filtered: required, shut: { ...required, ...blocks } });
  await awaitRestore(client, work);
  expect(await putBackSettings(client, leftOut)).toBe(2);
  await resetThrottles(client);
}, 120_000);
