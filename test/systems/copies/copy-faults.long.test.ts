import { inOrder } from '../../../domain/plans/plan.ts';
import { raiseThrottles } from '../../../systems/elasticsearch/restore/throttles.ts';
import { seedDocuments } from '../elasticsearch/seed.ts';
import { waitFor } from '../../wait-for.ts';
import {
  assess,
  backUp,
  bothSides,
  carryOut,
  copy,
  destination,
  destinationServer,
  empty,
  execute,
  holds,
  reconnect,
  servers,
  settings,
  source,
  traces,
  useClusters,
  writePlatform,
} from './copy-scene.ts';

// What goes wrong between two real clusters: found in the plan, gone on with, or undone.

useClusters();

beforeAll(async () => {
  const one = { number_of_shards: 1, number_of_replicas: 0 };
  await source.indices.create({ index: 'nuvla-big', settings: { ...one, number_of_shards: 2 } });
  await source.indices.create({ index: 'nuvla-job', settings: { ...one, 'index.mapping.total_fields.limit': 1500 } });
  await source.indices.create({ index: '.kibana_8.19.0_001', settings: one });
  await seedDocuments(source, 'nuvla-big', 6_000, 2_000);
  await seedDocuments(source, 'nuvla-job', 20);
  const fields = Object.fromEntries(Array.from({ length: 1_200 }, (_, n) => [`field-${n}`, n]));
  await source.index({ index: 'nuvla-job', id: 'wide', document: fields, refresh: true });
  await writePlatform('production', await addressOfSource(), {
    indices: ['*', '.kibana_8.19.0_001'],
  });
  await backUp();
}, 240_000);
beforeEach(() => empty(), 60_000);

const addressOfSource = async () =>
  Object.values((await servers.elasticsearch.inspect()).NetworkSettings.Networks)[0]?.IPAddress ?? '';

test("Elasticsearch's own indices are left out by a pattern, and said so; named exactly, they come", async () => {
  const { plan, faults } = await assess();
  expect(faults).toEqual([expect.stringMatching(/^indices: warning: .*own: \.kibana_8/)]);
  const copied = plan!.steps.flatMap((step) => (step.action === 'copyIndices' ? step.arguments.indices : []));
  expect(copied.map((index) => index.source)).toEqual(['nuvla-big', 'nuvla-job']);
  await copy({ indices: ['.kibana_8.19.0_001'], rename: ['.kibana_8.19.0_001=kibana-before'] });
  expect((await holds()).indices).toEqual({ 'kibana-before': '0 documents, 0 replicas' });
});

test('names that would clash after renaming, and patterns that fit nothing, are found in the plan', async () => {
  const { faults } = await assess({ indices: ['nuvla-*', 'gone-*'], rename: ['nuvla-big=x', 'nuvla-job=x'] });
  expect(faults).toEqual([
    'indices: fail: The recovery point holds nothing that matches gone-*',
    'names: fail: nuvla-big and nuvla-job would both be called x',
  ]);
});

test('the shard limit is found in the plan, and not lifted by the copy', async () => {
  await destination.cluster.putSettings({ persistent: { 'cluster.max_shards_per_node': 2 } });
  try {
    expect((await assess()).faults).toContain('shards: fail: 0 open, 3 are added, 2 allowed');
    const { plan } = await assess({ indices: ['nuvla-big'] });
    // Others are quicker.
    const squatted = carryOut(plan!, {
      async before({ action }) {
        if (action === 'copyIndices') await destination.indices.create({ index: 'other', settings: noReplicas });
      },
    });
    await expect(squatted).rejects.toMatchObject({ message: expect.stringMatching(/maximum.*shards/) as string });
    expect((await holds()).indices).toEqual({ other: '0 documents, 0 replicas' });
  } finally {
    await destination.cluster.putSettings({ persistent: { 'cluster.max_shards_per_node': null } });
  }
  expect(await traces()).toEqual([]);
});
const noReplicas = { number_of_replicas: 0 };

test('a cluster that places no shards, and one whose disks are full, are found in the plan', async () => {
  const set = (persistent: Record<string, unknown>) => destination.cluster.putSettings({ persistent });
  const disk = 'cluster.routing.allocation.disk';
  await set({ 'cluster.routing.allocation.enable': 'none' });
  expect((await assess()).faults).toContain(
    'allocation: fail: cluster.routing.allocation.enable is none, so no shard is placed',
  );
  // More than any disk here has must stay free.
  const marks = Object.fromEntries(
    ['low', 'high', 'flood_stage'].map((mark) => [`${disk}.watermark.${mark}`, '999tb']),
  );
  await set({ 'cluster.routing.allocation.enable': null, [`${disk}.threshold_enabled`]: true, ...marks });
  try {
    const { plan, faults } = await assess();
    expect(plan).toBeUndefined();
    expect(faults).toContainEqual(expect.stringMatching(/^disk: fail: 0.0 GB free below the watermark/));
  } finally {
    const none = Object.fromEntries(Object.keys(marks).map((mark) => [mark, null]));
    await set({ [`${disk}.threshold_enabled`]: null, ...none });
  }
});

test('a mapping beyond the limit that it gets comes back, with a warning: it takes no new field', async () => {
  const ignoreSettings = ['index.mapping.total_fields.limit'];
  const { faults } = await assess({ indices: ['nuvla-job'], ignoreSettings });
  expect(faults).toEqual([expect.stringMatching(/^settings: warning: .*index\.mapping\.total_fields\.limit/)]);
  await copy({ indices: ['nuvla-job'], ignoreSettings });
  expect((await holds()).indices).toEqual({ 'nuvla-job': '21 documents, 0 replicas' });
  await expect(destination.index({ index: 'nuvla-job', document: { another: 1 } })).rejects.toThrow(
    /Limit of total fields/,
  );
});

test('a copy that was cut off goes on: what has come is not restored again', async () => {
  const { plan } = await assess();
  const death = new AbortController();
  const sides = await bothSides();
  const [register, verify, raise, first, ...rest] = inOrder(plan!.steps);
  for (const step of [register, verify, raise]) await execute(sides, step!, {});
  await raiseThrottles(destination, '2mb');
  const dies = execute(sides, first!, { signal: death.signal, onProgress: () => death.abort(new Error('died')) });
  await expect(dies).rejects.toThrow('died');
  const before = await uuids();
  expect(Object.keys(before)).toEqual(['nuvla-big', 'nuvla-job']);
  await raiseThrottles(destination, '2gb');
  for (const step of [first, ...rest]) await execute(sides, step!, {});
  expect(await uuids()).toEqual(before);
  expect(await traces()).toEqual([]);
});

async function uuids() {
  const found = await destination.indices.get({ index: 'nuvla-*' });
  return Object.fromEntries(Object.entries(found).map(([name, { settings: of }]) => [name, of?.index?.uuid]));
}

test('undone after the destination was restarted: what the copy brought is known all the same', async () => {
  await destination.index({ index: 'mine', document: { mine: true }, refresh: true });
  const { plan } = await assess();
  const failed = carryOut(plan!, {
    async before({ action }) {
      if (action !== 'verifyCopied') return;
      await destinationServer.container.restart();
      await reconnect();
      await destination.delete({ index: 'nuvla-job', id: 'd7', refresh: true });
    },
  });
  await expect(failed).rejects.toMatchObject({ kind: 'VerificationFailed' });
  expect((await holds()).indices).toEqual({ mine: '1 documents, 1 replicas' });
  expect(await traces()).toEqual([]);
}, 240_000);

test('wrong keys on the destination: registering is refused, and nothing is left', async () => {
  await writePlatform('production', await addressOfSource(), {
    repository: { name: 'own', type: 's3', settings: { ...settings, client: 'nobody' } },
  });
  const { plan } = await assess();
  const failure = await carryOut(plan!).catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: expect.stringMatching(/RepositoryRefused|WrongCredentials/) as string });
  await writePlatform('production', await addressOfSource());
  expect(await traces()).toEqual([]);
});

test('a damaged file of the snapshot: the step fails and names the shard; undone, nothing of it is left', async () => {
  const data = (await servers.listObjects('backups')).filter(({ key }) => /\/indices\/.*\/__/.test(key));
  const [biggest] = data.toSorted((a, b) => b.bytes - a.bytes);
  await servers.deleteObject('backups', biggest!.key);
  const { plan } = await assess();
  const failure = await carryOut(plan!).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    kind: 'RestoreFailed',
    message: expect.stringMatching(/nuvla-big\[\d]/) as string,
  });
  await waitFor(async () => expect((await holds()).indices).toEqual({}), { timeout: 10_000 });
  expect(await traces()).toEqual([]);
}, 120_000);
