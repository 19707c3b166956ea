import { seedDocuments } from '../elasticsearch/seed.ts';
import {
  assess,
  backUp,
  carryOut,
  copy,
  destination,
  empty,
  holds,
  source,
  traces,
  useClusters,
} from './copy-scene.ts';

// From one real cluster into another one of another name. The tests follow one story: production's indices of one point.

useClusters();

beforeAll(async () => {
  const one = { number_of_shards: 1, number_of_replicas: 1 };
  await source.indices.create({ index: 'nuvla-job', settings: one, aliases: { jobs: {} } });
  await source.indices.create({ index: 'nuvla-user', settings: { ...one, number_of_replicas: 0 } });
  await source.indices.create({ index: 'nuvla-tmp-1', settings: one });
  await source.indices.create({ index: 'nuvla-old', settings: one });
  await seedDocuments(source, 'nuvla-job', 300);
  await seedDocuments(source, 'nuvla-user', 20);
  await seedDocuments(source, 'nuvla-tmp-1', 5);
  await source.indices.close({ index: 'nuvla-user' });
  // Where its shard is, it stays.
  await source.indices.putSettings({
    index: 'nuvla-old',
    settings: {
      'index.blocks.write': true,
      'index.routing.allocation.require.rack': 'r1',
      'index.refresh_interval': '9s',
    },
  });
  await backUp();
}, 240_000);
beforeEach(() => empty(), 60_000);

test('chosen indices come under new names, with aliases, settings, replicas and state; nothing else is left', async () => {
  const told = await copy({
    indices: ['nuvla-*', '-nuvla-tmp*', '-nuvla-old'],
    rename: ['nuvla-*=staging-*'],
    settings: { 'index.refresh_interval': '7s' },
  });
  expect(told).toMatchObject({
    'register-source': 'rekindle-copy-production-documents is read-only, verified on 1 nodes',
    'raise-replicas': 'Replicas are made: 1 indices with 1',
  });
  expect(await holds()).toEqual({
    indices: { 'staging-job': '300 documents, 1 replicas', 'staging-user': '- documents, 0 replicas' },
    aliases: ['jobs → staging-job'],
  });
  const { 'staging-job': job } = await destination.indices.getSettings({ index: 'staging-job' });
  expect(job?.settings?.index?.refresh_interval).toBe('7s');
  const state = await destination.cat.indices({ index: 'staging-user', format: 'json', expand_wildcards: 'all' });
  expect(state).toMatchObject([{ status: 'close' }]);
  expect(await traces()).toEqual([]);
});

test('the source can only be read from there, and its throttles and settings stay as they are', async () => {
  const { plan } = await assess({ indices: ['nuvla-job'] });
  const before = await source.cluster.getSettings({ flat_settings: true });
  const seen: unknown[] = [];
  await carryOut(plan!, {
    async before({ action }) {
      if (action !== 'copyIndices') return;
      const registered = await destination.snapshot.getRepository();
      const { transient } = await destination.cluster.getSettings({ flat_settings: true });
      seen.push(registered, transient['indices.recovery.max_bytes_per_sec']);
      await expect(
        destination.snapshot.create({ repository: 'rekindle-copy-production-documents', snapshot: 'x' }),
      ).rejects.toThrow(/read-?only/);
    },
  });
  expect(seen).toMatchObject([{ 'rekindle-copy-production-documents': { settings: { readonly: 'true' } } }, '2gb']);
  expect(await source.cluster.getSettings({ flat_settings: true })).toEqual(before);
  expect(Object.keys(await source.snapshot.getRepository())).toEqual(['own']);
});

test('blocks and allocation of the source stay behind; settings that are ignored take the default', async () => {
  await copy({ indices: ['nuvla-old'], ignoreSettings: ['index.refresh_interval'], aliases: false });
  const { 'nuvla-old': old } = await destination.indices.getSettings({ index: 'nuvla-old' });
  expect(old?.settings?.index).not.toHaveProperty('blocks');
  expect(old?.settings?.index).not.toHaveProperty('refresh_interval');
  expect(JSON.stringify(old?.settings?.index?.routing ?? {})).not.toContain('rack');
});

test('an index that is there: refused, left, or deleted and restored, as the plan names it', async () => {
  await destination.index({ index: 'nuvla-job', document: { mine: true }, refresh: true });
  expect(await assess({ indices: ['nuvla-job'] })).toMatchObject({
    faults: ['names: fail: nuvla-job is there already: an index'],
  });
  await copy({ indices: ['nuvla-job', 'nuvla-tmp-1'], existing: 'skip' });
  expect((await holds()).indices).toEqual({
    'nuvla-job': '1 documents, 1 replicas',
    'nuvla-tmp-1': '5 documents, 1 replicas',
  });
  const { plan } = await assess({ indices: ['nuvla-job'], existing: 'replace' });
  expect(plan).toMatchObject({ pointOfNoReturn: 'remove-1' });
  await carryOut(plan!);
  expect((await holds()).indices).toMatchObject({ 'nuvla-job': '300 documents, 1 replicas' });
});

test('swapped in, the name means the new index, and its aliases move with what they say', async () => {
  await destination.index({ index: 'nuvla-job', document: { mine: true }, refresh: true });
  await destination.indices.putAlias({ index: 'nuvla-job', name: 'jobs', filter: { term: { kind: 'test' } } });
  await copy({ indices: ['nuvla-job'], existing: 'swap' });
  expect(await holds()).toEqual({
    indices: { 'nuvla-job-2026-11-21t0930z': '300 documents, 1 replicas' },
    aliases: ['jobs → nuvla-job-2026-11-21t0930z', 'nuvla-job → nuvla-job-2026-11-21t0930z'],
  });
  const alias = await destination.indices.getAlias({ name: 'jobs' });
  expect(Object.values(alias)[0]?.aliases['jobs']).toMatchObject({ filter: { term: { kind: 'test' } } });

  // Once more: an alias by now, which leaves its index behind.
  await copy({ indices: ['nuvla-job'], existing: 'swap' });
  expect(await holds()).toEqual({
    indices: {
      'nuvla-job-2026-11-21t0930z': '300 documents, 1 replicas',
      'nuvla-job-2026-11-21t0930z-2': '300 documents, 1 replicas',
    },
    aliases: ['jobs → nuvla-job-2026-11-21t0930z-2', 'nuvla-job → nuvla-job-2026-11-21t0930z-2'],
  });
});

test('a copy that fails is undone: what it brought is deleted, what was there stays, throttles are put back', async () => {
  await destination.index({ index: 'mine', document: { mine: true }, refresh: true });
  await destination.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': '33mb' } });
  const { plan } = await assess({ indices: ['nuvla-job', 'nuvla-tmp-1'] });
  await expect(
    carryOut(plan!, {
      async before({ action }) {
        if (action === 'verifyCopied') await destination.delete({ index: 'nuvla-job', id: 'd7', refresh: true });
      },
    }),
  ).rejects.toMatchObject({ message: expect.stringContaining('does not hold what was copied') as string });
  expect((await holds()).indices).toEqual({ mine: '1 documents, 1 replicas' });
  expect(await traces()).toEqual(['indices.recovery.max_bytes_per_sec']);
  const { transient } = await destination.cluster.getSettings({ flat_settings: true });
  expect(transient).toEqual({ 'indices.recovery.max_bytes_per_sec': '33mb' });
  await destination.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': null } });
});
