import { closeIndices } from '../../../systems/elasticsearch/indices.ts';
import { awaitRestore } from '../../../systems/elasticsearch/restore/await-restore.ts';
import { checkDataStreams } from '../../../systems/elasticsearch/restore/check-kept-together.ts';
import { putBackSettings } from '../../../systems/elasticsearch/restore/index-settings.ts';
import { startRestore, type RestoreWork } from '../../../systems/elasticsearch/restore/restore.ts';
import { resetThrottles } from '../../../systems/elasticsearch/restore/throttles.ts';
import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch } from '../../fake-elasticsearch.ts';
import { fakeCluster, type FakeSnapshot } from '../../fake-restores.ts';

const atEnd = useAtEnd();
const required = { 'index.routing.allocation.require._name': 'es-gone' };
const readOnly = { 'index.blocks.read_only': 'true', 'index.blocks.metadata': 'true' };

async function restoring(snapshot: FakeSnapshot) {
  const cluster = fakeCluster(snapshot);
  const { client, asked } = await fakeElasticsearch(cluster.answer, atEnd);
  const indices = Object.keys(snapshot.indices);
  const work: RestoreWork = { repository: 'backup', snapshot: 's', indices, globalState: true };
  return { cluster, client, asked, work };
}

test('settings that keep shards from every node, or an index from being closed, are left out and put back', async () => {
  const settings = { filtered: required, shut: { ...required, ...readOnly } };
  const { cluster, client, work } = await restoring({
    indices: { filtered: { settings: required }, plain: {}, shut: { settings: settings.shut } },
  });
  const attempt = async () => {
    const { leftOut } = await startRestore(client, { ...work, settings });
    await awaitRestore(client, work);
    await closeIndices(client, ['shut']);
    return putBackSettings(client, leftOut);
  };
  expect(await attempt()).toBe(2);
  expect(cluster.indices['filtered']).toMatchObject({ settings: required, state: 'open' });
  expect(cluster.indices['shut']).toMatchObject({ settings: settings.shut, state: 'close' });
  expect(cluster.indices['plain']?.settings).toEqual({});
  // As after a worker's death: what is there stays, also what tells nothing of itself any more.
  const before = structuredClone(cluster.indices);
  expect(await attempt()).toBe(0);
  expect(cluster.indices).toEqual(before);
});

test('a tier that no node serves is left out, one that is served is not', async () => {
  const tier = (name: string) => ({ 'index.routing.allocation.include._tier_preference': name });
  for (const [name, ignored] of [
    ['data_warm,data_hot', undefined],
    ['data_cold', ['index.routing.allocation.include._tier_preference']],
  ] as const) {
    const { client, asked, work } = await restoring({ indices: { plain: { settings: tier(name) } } });
    await startRestore(client, { ...work, settings: { plain: tier(name) } });
    const request = asked.find(({ path }) => path.endsWith('/_restore'))?.body;
    expect((request as { ignore_index_settings?: string[] }).ignore_index_settings).toEqual(ignored);
  }
});

test('cluster settings of the global state are lifted for the restore, and hold again after it', async () => {
  const persistent = {
    'cluster.routing.allocation.enable': 'none',
    'cluster.routing.allocation.exclude.rack': 'r1',
    'cluster.max_shards_per_node': '3',
  };
  const { cluster, client, work } = await restoring({ indices: { plain: {} }, persistent });
  await startRestore(client, { ...work, clusterSettings: persistent });
  await awaitRestore(client, work);
  expect(cluster.persistent()).toMatchObject(persistent);
  expect(cluster.transient).toMatchObject({
    'cluster.routing.allocation.enable': 'all',
    'cluster.routing.allocation.exclude.rack': '',
  });
  await resetThrottles(client);
  expect(cluster.transient).toEqual({});
});

test('a shard that no node takes is named with node and setting, and a retry restores its index again', async () => {
  // Nobody recorded its settings: the snapshot was taken by others.
  const { cluster, client, work } = await restoring({
    indices: { filtered: { settings: { ...required, ...readOnly } }, plain: {} },
  });
  await startRestore(client, work);
  await expect(awaitRestore(client, work)).rejects.toMatchObject({
    kind: 'RestoreFailed',
    message:
      'No node takes the shard filtered[0]: es-1: node does not match index setting [index.routing.allocation.require._name] filters [es-gone]',
    remedy: expect.stringContaining('Remove the allocation filter') as string,
  });
  const { plain } = structuredClone(cluster.indices);
  const { started, leftOut } = await startRestore(client, work);
  expect(started).toEqual(['filtered']);
  expect(leftOut).toEqual({ filtered: { ...required, ...readOnly } });
  await awaitRestore(client, work);
  await putBackSettings(client, leftOut);
  expect(cluster.indices['filtered']?.settings).toEqual({ ...required, ...readOnly });
  expect(cluster.indices['plain']).toEqual(plain);
});

test('shards that a restart cut off, whatever of them is on the disk, are restored again by themselves', async () => {
  const { cluster, client, work } = await restoring({ indices: { gone: {}, half: {}, plain: {} } });
  await startRestore(client, work);
  cluster.indices['gone']!.cut = 'nothing';
  cluster.indices['half']!.cut = 'half';
  await expect(awaitRestore(client, work)).rejects.toMatchObject({
    kind: 'ElasticsearchUnreachable',
    message: expect.stringMatching(/restarted while it restored 2 shards.*gone\[0\].*half\[0\]/) as string,
  });
  expect((await startRestore(client, work)).started).toEqual(['gone', 'half']);
  await awaitRestore(client, work);
});

const streams = { logs: ['.ds-logs-000001', '.ds-logs-000002'] };
const logs = { indices: { '.ds-logs-000001': { stream: 'logs' }, '.ds-logs-000002': { stream: 'logs' }, plain: {} } };
const expected = {
  dataStreams: [{ name: 'logs', indices: streams.logs, generation: 2, template: 'logs-template' }],
} as unknown as ExpectedSet;

test('a data stream of which one index is gone is restored as a whole, whatever was there of it', async () => {
  const { cluster, client, work } = await restoring(logs);
  await startRestore(client, { ...work, streams });
  await awaitRestore(client, work);
  expect((await checkDataStreams(client, expected))[0]).toMatchObject({ verdict: 'pass' });
  const { plain } = structuredClone(cluster.indices);
  for (const damage of [
    () => void (delete cluster.indices['.ds-logs-000002'], (cluster.streams['logs'] = ['.ds-logs-000001'])),
    // Backing indices without their stream.
    () => void delete cluster.streams['logs'],
    () => void (cluster.indices['.ds-logs-000001']!.placed = false),
  ]) {
    await client.cluster.putSettings({ persistent: { 'cluster.metadata.rekindle.restore.finished': 'false' } });
    damage();
    const { started } = await startRestore(client, { ...work, streams });
    expect(started).toEqual(streams.logs);
    await awaitRestore(client, work);
    expect(cluster.streams['logs']).toEqual(streams.logs);
    expect(cluster.indices['plain']).toEqual(plain);
  }
});

test('a data stream that came back as plain indices, or shorter, is no pass', async () => {
  const { cluster, client, work } = await restoring(logs);
  await startRestore(client, work);
  await awaitRestore(client, work);
  expect((await checkDataStreams(client, expected))[0]).toMatchObject({
    verdict: 'fail',
    evidence: 'logs is not there as a data stream',
  });
  cluster.streams['logs'] = ['.ds-logs-000001'];
  expect((await checkDataStreams(client, expected))[0]).toMatchObject({
    evidence: 'logs: without its indices .ds-logs-000002, generation 1 instead of 2',
  });
});

test('a data stream with indices of others is not touched', async () => {
  const { cluster, client, work } = await restoring(logs);
  cluster.create('.ds-logs-000009', {}, false);
  cluster.streams['logs'] = ['.ds-logs-000009'];
  await expect(startRestore(client, { ...work, streams })).rejects.toMatchObject({
    kind: 'RestoreFailed',
    message: expect.stringContaining('logs') as string,
  });
  expect(Object.keys(cluster.indices)).toEqual(['.ds-logs-000009']);
});

test('feature states come with the indices, and once more only where they did not come', async () => {
  const features = { kibana: ['.kibana_1'], security: ['.security-7'] };
  const { cluster, client, asked, work } = await restoring({ indices: { plain: {} }, features });
  // A fresh node has some of its own.
  cluster.create('.kibana_1', {}, false);
  await startRestore(client, { ...work, features });
  await awaitRestore(client, { ...work, features });
  const requests = () => asked.filter(({ path }) => path.endsWith('/_restore')).map(({ body }) => body);
  expect(requests()).toMatchObject([{ indices: ['plain'], feature_states: ['kibana', 'security'] }]);
  await client.cluster.putSettings({ persistent: { 'cluster.metadata.rekindle.restore.finished': 'false' } });
  await startRestore(client, { ...work, features });
  expect(requests()).toHaveLength(1);
  cluster.indices['.security-7']!.placed = false;
  await startRestore(client, { ...work, features });
  expect(requests()[1]).toMatchObject({ indices: ['-*'], feature_states: ['security'] });
});

test('while the feature state security is on its way nobody is known: that is waited for', async () => {
  const cluster = fakeCluster({ indices: { plain: {} }, features: { security: ['.security-7'] } });
  let refusals = 0;
  const { client } = await fakeElasticsearch((request) => {
    if (refusals > 0) {
      refusals -= 1;
      return { status: 401, error: { type: 'security_exception', reason: 'unable to authenticate user [elastic]' } };
    }
    if (request.path.endsWith('/_restore')) refusals = 2;
    return cluster.answer(request);
  }, atEnd);
  const indices = ['plain'];
  const work: RestoreWork = { repository: 'backup', snapshot: 's', indices, globalState: true };
  const features = { security: ['.security-7'] };
  expect(await startRestore(client, { ...work, features })).toMatchObject({ started: ['plain'] });
  refusals = 1;
  await awaitRestore(client, { ...work, features });
  // Without that feature state, a refusal is a refusal.
  refusals = 1;
  await expect(awaitRestore(client, work)).rejects.toMatchObject({ kind: 'WrongCredentials' });
});
