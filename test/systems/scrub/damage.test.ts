import { emptyTable } from '../../../domain/scrub/read-table.ts';
import { healFiles } from '../../../operations/scrub/heal.ts';
import { scrubRepository, type ScrubScope } from '../../../operations/scrub/scrub-repository.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { openScrubScene, type ScrubScene } from './scrub-scene.ts';

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
  const data = all.filter(({ key }) => /\/__|\.dat$|\/index-/.test(key));
  expect(found.bytes).toBe(data.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(found.coverage).toMatchObject({ files: found.files, recentFiles: found.files });
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
