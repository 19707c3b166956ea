import type { StepOutcome } from '../../../domain/plans/steps.ts';
import { choosePoint, type ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import { emptyTable } from '../../../domain/scrub/read-table.ts';
import { healFiles } from '../../../operations/scrub/heal.ts';
import { markKnownDamage } from '../../../operations/scrub/known-damage.ts';
import { scrubRepository, type ScrubScope } from '../../../operations/scrub/scrub-repository.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { held, openScrubScene, removeVersions, type ScrubScene } from './scrub-scene.ts';
import { scrubbedPlatform, type ScrubbedPlatform } from './scrubbed-platform.ts';

// What a real Elasticsearch wrote to a real bucket that keeps versions: read, damaged, found, put back.
let scene: ScrubScene;
beforeAll(async () => {
  scene = await openScrubScene({ versions: true });
});
afterAll(() => scene.servers.stop());

const seconds = () => Math.floor(Date.now() / 1000) + 1;
const scrub = (scope: ScrubScope = { kind: 'all' }, table = emptyTable()) =>
  scrubRepository(
    scene.bucket,
    { scope, since: seconds(), days: 7, points: scene.points, suspected: new Set() },
    table,
    () => Promise.resolve(),
  );

test('a repository as Elasticsearch left it: every file is read, none has a fault', async () => {
  const found = await scrub();
  expect(found.faults).toEqual([]);
  const all = await scene.keys('');
  const data = all.filter(({ key }) => /\/__|\.dat$|(^|\/)index-/.test(key));
  expect(found.bytes).toBe(data.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(found.coverage).toMatchObject({ files: found.files, recentFiles: found.files });
});

test('another attempt of the same scrub reads nothing again, but the index of the repository', async () => {
  const table = emptyTable();
  const since = seconds() - 1;
  const attempt = () =>
    scrubRepository(
      scene.bucket,
      { scope: { kind: 'all' }, since, days: 7, points: scene.points, suspected: new Set() },
      table,
      () => Promise.resolve(),
    );
  expect((await attempt()).files).toBeGreaterThan(20);
  expect(await attempt()).toMatchObject({ files: 1, faults: [] });
});

test('one point alone: only what it refers to', async () => {
  const found = await scrub({ kind: 'point', id: 'first' });
  expect(found.faults).toEqual([]);
  expect(found.coverage.recentFiles).toBeLessThan(found.coverage.files);
});

test('twenty flipped bytes are found, with the points that refer to them, and put back', async () => {
  const { indices } = await readRepositoryIndex(scene.storage);
  const [largest] = await scene.keys(`indices/${indices['big']?.id ?? ''}/0/__`);
  const { key } = largest!;
  const good = await scene.bytesOf(key);
  const damaged = good.slice();
  damaged.fill(7, 20_000, 20_020);
  await scene.storage.put(key, damaged);
  const table = emptyTable();
  const found = await scrub({ kind: 'all' }, table);
  expect(found.faults).toMatchObject([{ fault: expect.stringContaining('checksum') as string }]);
  expect(found.faults[0]?.file.points.map(({ id }) => id)).toEqual(['second', 'first']);
  const { healed, left } = await healFiles(scene.bucket, found.faults, table);
  expect(left).toEqual([]);
  expect(healed).toHaveLength(1);
  expect(Buffer.compare(await scene.bytesOf(key), good)).toBe(0);
  expect((await scrub()).faults).toEqual([]);
});

test('a deleted file is put back', async () => {
  const { snapshots } = await readRepositoryIndex(scene.storage);
  const key = `snap-${snapshots[0]?.uuid ?? ''}.dat`;
  const good = await scene.bytesOf(key);
  await scene.storage.delete(key);
  const found = await scrub();
  expect(found.faults).toMatchObject([{ fault: 'it is not there', file: { key } }]);
  expect(await healFiles(scene.bucket, found.faults, emptyTable())).toMatchObject({ left: [] });
  expect(Buffer.compare(await scene.bytesOf(key), good)).toBe(0);
});

describe('the points of a platform', () => {
  let platform: ScrubbedPlatform;
  let key: string;
  let good: Uint8Array;
  beforeAll(async () => {
    platform = await scrubbedPlatform(scene);
    for (const { snapshot } of scene.points.toReversed()) await platform.publish(snapshot);
    const { indices } = await readRepositoryIndex(scene.storage);
    key = (await scene.keys(`indices/${indices['big']?.id ?? ''}/0/__`))[0]?.key ?? '';
    good = await scene.bytesOf(key);
  });
  const evidenceOf = ({ checks = [] }: StepOutcome) => checks.map(({ evidence }) => evidence).join('\n');

  test('a share after a backup reads what is new, and says how much was read of all', async () => {
    const outcome = await platform.scrub('share');
    expect(outcome.checks).toMatchObject([{ verdict: 'pass' }]);
    const [coverage] = await platform.catalogue.listCoverages();
    expect(coverage).toMatchObject({ days: 7, damaged: 0 });
    expect(coverage?.recentFiles).toBeLessThanOrEqual(coverage?.files ?? 0);
    await platform.scrub('all');
    const [all] = await platform.catalogue.listCoverages();
    expect(all?.recentBytes).toBe(all?.bytes);
    expect(all?.oldest).toBeDefined();
  });

  test('what versions hold is put back, and no point is bad', async () => {
    await scene.storage.put(key, good.toReversed());
    const outcome = await platform.scrub('all');
    expect(outcome.checks).toMatchObject([{ verdict: 'pass' }, { name: 'heal documents', warning: true }]);
    expect(await platform.bad()).toEqual([]);
  });

  test('what cannot be put back marks each point that refers to it; the next one is bad from its first moment', async () => {
    // No version is left that is what it should be.
    await removeVersions(scene, key);
    await scene.storage.put(key, good.toReversed());
    const outcome = await platform.scrub('all');
    expect(evidenceOf(outcome)).toMatch(/big\[0\], file .*marked bad: second, first; no good recovery point is left/);
    expect(await platform.bad()).toEqual(['second', 'first']);
    const { markers } = (await platform.catalogue.findPoint('first')) ?? {};
    expect(markers).toMatchObject([
      { marker: 'bad', note: expect.stringContaining(key.replace(/\.part\d+$/, '')) as string },
    ]);
    const points = (await platform.catalogue.listPoints()).points;
    expect(choosePoint(points, { latest: true })).toBeUndefined();
    expect(choosePoint(points, { id: 'second' })).toBeUndefined();

    // Known by now: reported once, and a warning from then on.
    expect((await platform.scrub('all')).checks).toMatchObject([{ verdict: 'pass', warning: true }]);

    // Elasticsearch goes on referring to the file, and reports success.
    await scene.take('third');
    const set = { store: 'documents', snapshot: 'third', indices: held } as unknown as ExpectedSet;
    const checks = await markKnownDamage(platform.open, 'third', [set], 'backup/demo/3');
    expect(checks).toMatchObject([{ name: 'scrubbed documents', verdict: 'fail' }]);
    await platform.publish('third');
    expect(await platform.bad()).toEqual(['third', 'second', 'first']);
  });

  test('when the file is good again, by whoever, they are good again', async () => {
    await scene.storage.put(key, good);
    const outcome = await platform.scrub('all');
    expect(outcome.summary).toContain('good again: third, second, first');
    expect(await platform.bad()).toEqual([]);
  });
});
