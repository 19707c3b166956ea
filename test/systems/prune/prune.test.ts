import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { personOf, pin } from '../../../operations/recovery-points/pins.ts';
import { deleteSnapshots, markDeleting, removePoints } from '../../../operations/prune/delete-points.ts';
import { foreignSnapshots } from '../../../operations/prune/foreign-snapshots.ts';
import { runsWithoutUse } from '../../../operations/prune/run-objects.ts';
import { snapshotNameOf } from '../../../domain/recovery-points/recovery-point.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { awaitSnapshot } from '../../../systems/elasticsearch/snapshots/await-snapshot.ts';
import { connectElasticsearch } from '../../../systems/elasticsearch/client.ts';
import { startSnapshot } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { seedDocuments } from '../elasticsearch/seed.ts';
import { engine, pointId } from '../preflight/platform.ts';
import {
  usePrune,
  platform,
  open,
  client,
  repository,
  names,
  remove,
  ids,
  take,
  backUp,
  plan,
  carryOut,
  prune,
} from './prune-scene.ts';

usePrune();

test('what no tier keeps is removed, snapshot and objects; foreign snapshots stay and are listed', async () => {
  const gone = [await backUp('2026-11-01'), await backUp('2026-11-02')];
  const stays = await backUp('2026-11-03');
  await take('cron.2026-11-02');
  expect(await prune()).toEqual({
    markDeleting: '2 marked',
    deleteSnapshots: `2 deleted from ${repository}`,
    removePoints: '2 removed',
  });
  expect(await ids()).toEqual([pointId, stays]);
  expect((await names()).toSorted()).toEqual(['cron.2026-11-02', ...[stays, pointId].map(snapshotNameOf)]);
  expect(await open.catalogue.takenIds()).not.toEqual(expect.arrayContaining(gone));
  expect(await foreignSnapshots(open)).toEqual([{ store: 'documents', repository, snapshots: ['cron.2026-11-02'] }]);
  expect((await plan()).steps).toEqual([]);
});

test('an adopted snapshot is not foreign; it is removed if it started when the manifest says', async () => {
  const startedAt = await take('slm.2026');
  const adopted = await backUp('2026-11-01', { snapshot: 'slm.2026', startedAt });
  expect(await foreignSnapshots(open)).toMatchObject([{ snapshots: [] }]);
  const newer = new Date(Date.parse(startedAt) + 1000).toISOString();
  const other = await backUp('2026-11-02', { startedAt: newer });
  expect(await prune()).toMatchObject({ deleteSnapshots: `1 deleted from ${repository}` });
  expect(await names()).not.toContain('slm.2026');
  expect(await ids()).toEqual([other, pointId]);

  await take('slm.2026');
  await backUp('2026-11-01', { snapshot: 'slm.2026', startedAt });
  expect(await prune()).toMatchObject({ failed: expect.stringContaining('slm.2026') as string });
  expect(await names()).toContain('slm.2026');
  const [, left] = (await open.catalogue.listPoints()).points;
  expect(left).toMatchObject({ id: adopted, deleting: false });
});

test('cut off after each step, it is finished by the next, and never offered meanwhile', async () => {
  const stays = await backUp('2026-11-03');
  for (const until of ['markDeleting', 'deleteSnapshots'] as const) {
    const id = await backUp('2026-11-01');
    await carryOut((await plan()).steps, { until });
    const cut = (await open.catalogue.listPoints()).points.find((point) => point.id === id);
    expect(cut).toMatchObject({ deleting: true });
    await prune();
    expect(await ids()).toEqual([pointId, stays]);
    expect((await names()).toSorted()).toEqual([stays, pointId].map(snapshotNameOf));
  }
  const id = await backUp('2026-11-01');
  await carryOut((await plan()).steps, { until: 'deleteSnapshots' });
  // The manifest is gone, the marker is not yet.
  const { catalogue } = open;
  const manifest = (await catalogue.listPoints()).points.find((point) => point.id === id);
  expect(manifest).toBeDefined();
  let removed = 0;
  await expect(
    removePoints(
      {
        catalogue: {
          ...catalogue,
          removePoint: async (one) => {
            removed += 1;
            await catalogue.removePoint(one);
            await catalogue.mark(one, 'deleting', { at: '2026-11-21T12:00:00Z', run: 'prune/1' });
            throw new Error('killed');
          },
        },
      },
      { arguments: { recoveryPoints: [id] } },
    ),
  ).rejects.toThrow('killed');
  expect(removed).toBe(1);
  const { assessment, steps } = await plan();
  expect(assessment.halfRemoved).toEqual([id]);
  await carryOut(steps);
  expect(await open.catalogue.takenIds()).not.toContain(id);
});

test('pinned meanwhile: before the marker, and after it while the snapshot is there', async () => {
  const early = await backUp('2026-11-01');
  const late = await backUp('2026-11-02');
  await backUp('2026-11-03');
  const { steps } = await plan();
  await pin(open.catalogue, early, personOf('anna'));
  await carryOut(steps, { until: 'markDeleting' });
  const states = () => open.catalogue.listPoints().then(({ points }) => new Map(points.map((each) => [each.id, each])));
  expect((await states()).get(early)).toMatchObject({ pinned: true, deleting: false });
  // Its pinner saw no mark, and died before it could look again.
  await open.catalogue.mark(late, 'pinned', { at: '2026-11-21T12:00:00Z', run: 'restore/x' });
  expect(await carryOut(steps)).toMatchObject({
    deleteSnapshots: `0 deleted from ${repository}, 1 stay, pinned meanwhile`,
  });
  expect((await states()).get(late)).toMatchObject({ pinned: true, deleting: false });
  expect(await names()).toEqual(expect.arrayContaining([early, late].map(snapshotNameOf)));
});

test('a snapshot that is missing is as good as deleted', async () => {
  const id = await backUp('2026-11-01');
  await backUp('2026-11-03');
  await remove(snapshotNameOf(id));
  expect(await prune()).toMatchObject({ deleteSnapshots: `0 deleted from ${repository}, 1 were gone` });
  expect(await ids()).not.toContain(id);
});

test('another repository, another run, a damaged manifest: left alone, and reported', async () => {
  const elsewhere = await backUp('2026-11-01', {
    repository: 'old_backup',
    snapshot: snapshotNameOf('2026-11-01t0000z'),
  });
  const ofAnother = await backUp('2026-11-02', { run: 'backup/another/1' });
  const damaged = await backUp('2026-10-31', { snapshot: 'snapshot.2026-10-31t0000z' });
  await damageManifest(damaged);
  const stays = await backUp('2026-11-03');
  const { assessment } = await plan();
  expect(assessment.leftAlone).toEqual([
    { id: elsewhere, why: expect.stringContaining('"old_backup"') as string },
    { id: damaged, why: expect.stringContaining('its digest differs') as string },
  ]);
  for (const { id } of assessment.leftAlone)
    expect(assessment.verdicts.find((verdict) => verdict.id === id)).toMatchObject({ keep: true });
  expect(await prune()).toMatchObject({ failed: expect.stringContaining(snapshotNameOf(ofAnother)) as string });
  expect(await ids()).toEqual([pointId, stays, ofAnother, elsewhere, damaged]);
});

async function damageManifest(id: string): Promise<void> {
  const { catalogue } = open.platform;
  if (catalogue.kind !== 'directory') throw new Error('the catalogue is no directory');
  const folder = join(catalogue.path, platform.name, 'points', id);
  const file = (await readdir(folder)).find((name) => name.startsWith('manifest~')) ?? '';
  await appendFile(join(folder, file), ' ');
}

test('the newest point is of another cluster: nothing is marked, nothing is deleted', async () => {
  const id = await backUp('2026-11-01');
  await backUp('2026-11-03');
  await backUp('2099-01-01', { clusterUuid: 'another-cluster-entirely' });
  await expect(prune()).rejects.toMatchObject({ kind: 'RepositoryRefused' });
  expect((await open.catalogue.listPoints()).points.filter(({ deleting }) => deleting)).toEqual([]);
  expect(await names()).toContain(snapshotNameOf(id));
});

test('a restore that reads the snapshot is waited for', async () => {
  await client.indices.create({ index: 'nuvla-big', settings: { number_of_replicas: 0 } });
  await seedDocuments(client, 'nuvla-big', 2000, 2000);
  const snapshot = 'snapshot.2026-11-01t0000z';
  await startSnapshot(client, {
    repository,
    snapshot,
    indices: ['nuvla-big'],
    metadata: { run: `backup/${platform.name}/2026-11-01t0000z` },
  });
  await awaitSnapshot(client, repository, snapshot);
  const id = await backUp('2026-11-01', { snapshot });
  await backUp('2026-11-03');
  await client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': '500kb' } });
  await client.snapshot.restore({
    repository,
    snapshot,
    indices: 'nuvla-big',
    rename_pattern: '(.+)',
    rename_replacement: 'copy-$1',
    wait_for_completion: false,
  });
  const notes = new Set<string>();
  const { steps } = await plan();
  for (const step of steps) {
    if (step.action === 'markDeleting') await markDeleting(open, { arguments: step.arguments, run: 'prune/1' });
    if (step.action === 'deleteSnapshots')
      await deleteSnapshots(open, step, { onProgress: ({ note }) => notes.add(note) });
    if (step.action === 'removePoints') await removePoints(open, step);
  }
  expect([...notes].join('\n')).toMatch(/waits: .*restore/);
  expect(await names()).not.toContain(snapshot);
  expect(await ids()).not.toContain(id);
  await client.cluster.putSettings({ transient: { 'indices.recovery.max_bytes_per_sec': null } });
  await client.indices.delete({ index: ['nuvla-big', 'copy-nuvla-big'] });
});

test('Elasticsearch is away: waiting may help, nothing is half removed, the next prune finishes', async () => {
  const id = await backUp('2026-11-01');
  await backUp('2026-11-03');
  const { steps } = await plan();
  await carryOut(steps, { until: 'markDeleting' });
  const nobody = () => Promise.resolve(connectElasticsearch({ scheme: 'http', host: '127.0.0.1', port: 9 }));
  const away = { ...open, elasticsearch: nobody };
  const unreachable = { kind: 'ElasticsearchUnreachable' };
  await expect(deleteSnapshots(away, stepOf(steps, 'deleteSnapshots'))).rejects.toMatchObject(unreachable);
  expect(await foreignSnapshots(away)).toMatchObject([{ unseen: expect.stringContaining('ECONNREFUSED') as string }]);
  expect((await open.catalogue.listPoints()).points.find((point) => point.id === id)).toMatchObject({ deleting: true });
  await prune();
  expect(await ids()).not.toContain(id);
  expect(await names()).not.toContain(snapshotNameOf(id));
});

function stepOf<A extends Step['action']>(steps: Step[], action: A) {
  const step = steps.find((each) => each.action === action);
  if (!step) throw new Error(`no step ${action}`);
  return step as Extract<Step, { action: A }>;
}

test('what runs keep for a rollback is removed when they have ended, are reported, and have nothing in quarantine', async () => {
  const runs = ['running', 'waiting', 'unreported', 'aside', 'over'].map((name) => `restore/${platform.name}/${name}`);
  const [running = '', waiting = '', unreported = '', aside = '', over = ''] = runs;
  for (const run of runs) {
    await open.catalogue.putRunObject(`${run}~0199a1b2`, 'deployment.age', new Uint8Array([1]));
    if (run !== unreported) await open.catalogue.writeReport(run, { run });
  }
  const openRuns = new Set([running, `quarantine/${waiting}`]);
  const runState = (id: string) => Promise.resolve(openRuns.has(id) ? ('running' as const) : ('unknown' as const));
  const volume = `${platform.name}_aside`;
  const image = 'rekindle-stack/elasticsearch:8.19.0';
  await engine.createVolume({ name: volume, host: 'here', driver: 'local', create: { Name: volume } } as never);
  try {
    await engine.quarantineVolume({ volume, image, run: `${aside}~0199a1b2` });
    expect(await runsWithoutUse(open, runState)).toEqual([`${over}~0199a1b2`]);
  } finally {
    await engine.releaseQuarantine({ run: `${aside}~0199a1b2`, volumes: [volume], image });
    await engine.removeVolume(volume);
  }
  openRuns.clear();
  expect(await runsWithoutUse(open, runState)).toEqual([aside, over, running, waiting].map((run) => `${run}~0199a1b2`));
});
