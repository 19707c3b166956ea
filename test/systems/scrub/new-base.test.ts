import { storesOfKind } from '../../../domain/platform.ts';
import { choosePoint, type ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { assessRetention } from '../../../operations/prune/assess-retention.ts';
import { deleteSnapshots } from '../../../operations/prune/delete-points.ts';
import { basedOn, currentBases, nextBases } from '../../../operations/repository/bases.ts';
import { markKnownDamage } from '../../../operations/scrub/known-damage.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { snapshotNames } from '../../../systems/elasticsearch/snapshots/snapshots.ts';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { s3Keys } from '../servers.ts';
import { held, openScrubScene, type ScrubScene } from './scrub-scene.ts';
import { scrubbedPlatform, type ScrubbedPlatform } from './scrubbed-platform.ts';

// Damage that nothing can put back: snapshots go on in a new base, and the points of both are told apart.
let scene: ScrubScene;
let platform: ScrubbedPlatform;
let damaged: { key: string; good: Uint8Array };
beforeAll(async () => {
  scene = await openScrubScene();
  platform = await scrubbedPlatform(scene);
  platform.open.platform.backup.onDamage = 'newBase';
  for (const { snapshot } of scene.points.toReversed()) await platform.publish(snapshot);
  const { indices } = await readRepositoryIndex(scene.storage);
  const key = (await scene.keys(`indices/${indices['big']?.id ?? ''}/0/__`))[0]?.key ?? '';
  damaged = { key, good: await scene.bytesOf(key) };
});
afterAll(() => scene.servers.stop());

const secondBase = async () => {
  const endpoint = await scene.servers.endpointFromHere();
  return s3Storage({ bucket: 'backups', prefix: 'es-base-2', endpoint, region: 'us-east-1', ...s3Keys });
};

test('without damage backups stay where they are', async () => {
  await platform.scrub('all');
  expect(await nextBases(platform.open)).toEqual({});
});

test('with damage the next snapshot is a full one in a new base, and its point is good', async () => {
  await scene.storage.put(damaged.key, damaged.good.toReversed());
  await platform.scrub('all');
  expect(await platform.bad()).toEqual(['second', 'first']);
  const kept = {
    ...platform.open,
    platform: { ...platform.open.platform, backup: { ...platform.open.platform.backup, onDamage: 'report' as const } },
  };
  expect(await nextBases(kept)).toEqual({});
  const bases = await nextBases(platform.open);
  expect(bases).toEqual({ documents: 2 });

  const based = basedOn(platform.open, bases);
  const [store] = storesOfKind(based.platform, 'elasticsearch');
  expect(store?.repository).toMatchObject({ name: 'backup-base-2', settings: { base_path: 'es-base-2' } });
  await ensureRepository(scene.client, store!.repository, { readonly: false });
  const indices = held.map(({ name }) => name);
  await takeSnapshot(scene.client, {
    repository: 'backup-base-2',
    snapshot: 'third',
    indices,
    metadata: { run: 'backup/demo/1' },
  });
  const set = { store: 'documents', snapshot: 'third', indices: held } as unknown as ExpectedSet;
  expect(await markKnownDamage(based, 'third', [set], 'backup/demo/1')).toEqual([]);
  await platform.publish('third', 'backup-base-2');
  expect(await currentBases(platform.open)).toEqual({ documents: 2 });
  // Nothing is known of the new base, and what is known of the old one starts no third.
  expect(await nextBases(platform.open)).toEqual({ documents: 2 });
  const { points } = await platform.catalogue.listPoints();
  expect(choosePoint(points, { latest: true })?.id).toBe('third');
});

test('a scrub reads both bases, and the damage of one says nothing of the other', async () => {
  const outcome = await platform.scrub('all');
  expect(outcome.checks).toMatchObject([
    { name: 'scrub documents', verdict: 'pass', warning: true },
    { name: 'scrub documents (base 2)', verdict: 'pass' },
  ]);
  const storage = await secondBase();
  const { snapshots } = await readRepositoryIndex(storage);
  const key = `snap-${snapshots[0]?.uuid ?? ''}.dat`;
  const good = (await storage.get(key))!;
  await storage.put(key, good.toReversed());
  expect((await platform.scrub('all')).checks).toMatchObject([{}, { verdict: 'fail' }]);
  expect(await platform.bad()).toEqual(['third', 'second', 'first']);
  expect(await nextBases(platform.open)).toEqual({ documents: 3 });
  await storage.put(key, good);
  // Of one point alone: its own base.
  expect((await platform.scrub({ point: 'third' })).checks).toMatchObject([
    { name: 'scrub documents (base 2)', verdict: 'pass' },
  ]);
  expect(await platform.bad()).toEqual(['second', 'first']);
});

test('points of the old base stay readable: good again as soon as the file is', async () => {
  await scene.storage.put(damaged.key, damaged.good);
  await platform.scrub('all');
  expect(await platform.bad()).toEqual([]);
});

test('a prune deletes from the base that a point is in, and from no other', async () => {
  platform.open.platform.backup.retention = { hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0, minimumCount: 1 };
  for (const id of ['first', 'third'])
    await platform.catalogue.mark(id, 'deleting', { at: new Date().toISOString(), run: 'prune' });
  const { removals } = await assessRetention(platform.open, { running: new Set() });
  expect(removals).toContainEqual({ id: 'third', snapshots: { documents: 'third' }, bases: { documents: 2 } });
  expect(removals).toContainEqual({ id: 'first', snapshots: { documents: 'first' } });
  await deleteSnapshots(platform.open, { arguments: { store: 'documents', base: 2, snapshots: { third: 'third' } } });
  expect(await snapshotNames(scene.client, 'backup-base-2', '*')).toEqual([]);
  expect((await snapshotNames(scene.client, 'backup', '*')).toSorted()).toEqual(['first', 'second']);
});
