import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { emptyTable } from '../../../domain/scrub/read-table.ts';
import { healFiles } from '../../../operations/scrub/heal.ts';
import { scrubRepository } from '../../../operations/scrub/scrub-repository.ts';
import { secondRepository, type SecondRepository } from '../../../operations/scrub/second-repository.ts';
import { ensureRepository } from '../../../systems/elasticsearch/repository/repository.ts';
import { readRepositoryIndex } from '../../../systems/elasticsearch/repository/repository-index.ts';
import { takeSnapshot } from '../../../systems/elasticsearch/snapshots/take-snapshot.ts';
import { s3Objects } from '../../../systems/object-storage/s3-objects.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { s3Keys } from '../servers.ts';
import { held, openScrubScene, type ScrubScene } from './scrub-scene.ts';
import { scrubbedPlatform } from './scrubbed-platform.ts';

// A bucket without versions: what is damaged is put back from another repository of the same cluster, or from a copy.
let scene: ScrubScene;
let another: SecondRepository;
let copy: SecondRepository;
let placeOf: (prefix: string) => Parameters<typeof s3Storage>[0];
beforeAll(async () => {
  scene = await openScrubScene();
  const endpoint = await scene.servers.endpointFromHere();
  placeOf = (prefix) => ({ bucket: 'backups', prefix, endpoint, region: 'us-east-1', ...s3Keys });
  // It cuts files otherwise, and names them otherwise.
  const settings = { bucket: 'backups', base_path: 'second' };
  await ensureRepository(scene.client, { name: 'second', type: 's3', settings }, { readonly: false });
  await takeSnapshot(scene.client, {
    repository: 'second',
    snapshot: 'weekly',
    indices: held.map(({ name }) => name),
    metadata: { run: 'r' },
  });
  for (const { key } of await scene.keys('')) await s3Storage(placeOf('copy')).put(key, await scene.bytesOf(key));
  const open = (prefix: string) =>
    secondRepository({ storage: s3Storage(placeOf(prefix)), objects: s3Objects(placeOf(prefix)) });
  [another, copy] = [open('second'), open('copy')];
});
afterAll(() => scene.servers.stop());

const scrub = (table = emptyTable()) =>
  scrubRepository(
    scene.bucket,
    {
      scope: { kind: 'all' },
      since: Math.floor(Date.now() / 1000) + 1,
      days: 7,
      points: scene.points,
      suspected: new Set(),
    },
    table,
    () => Promise.resolve(),
  );

/** The blobs of the largest file, which the repository holds in several parts. */
async function bigParts(): Promise<{ key: string; good: Uint8Array }[]> {
  const { indices } = await readRepositoryIndex(scene.storage);
  const blobs = await scene.keys(`indices/${indices['big']?.id ?? ''}/0/__`);
  const parts = blobs.map(({ key }) => key).filter((key) => /\.part\d+$/.test(key));
  return Promise.all(parts.toSorted().map(async (key) => ({ key, good: await scene.bytesOf(key) })));
}

test('a file in parts, one flipped and one deleted, is put back from a repository that holds it as one', async () => {
  const [first, second] = await bigParts();
  await scene.storage.put(first!.key, first!.good.toReversed());
  await scene.storage.delete(second!.key);
  const { faults } = await scrub();
  expect(faults).toHaveLength(1);
  const { healed, left } = await healFiles(scene.bucket, faults, emptyTable(), { second: [another] });
  expect([healed.length, left]).toEqual([1, []]);
  expect(healed[0]?.from).toMatch(/^indices\/.* in s3:\/\/backups\/second\//);
  for (const { key, good } of [first!, second!]) expect(Buffer.compare(await scene.bytesOf(key), good)).toBe(0);
  expect((await scrub()).faults).toEqual([]);
});

test('metadata is put back from a copy of the bucket alone', async () => {
  const { snapshots } = await readRepositoryIndex(scene.storage);
  const key = `snap-${snapshots[0]?.uuid ?? ''}.dat`;
  const good = await scene.bytesOf(key);
  await scene.storage.put(key, good.toReversed());
  const { faults } = await scrub();
  expect(await healFiles(scene.bucket, faults, emptyTable(), { second: [another] })).toMatchObject({ healed: [] });
  expect(Buffer.compare(await scene.bytesOf(key), good.toReversed())).toBe(0);
  expect(await healFiles(scene.bucket, faults, emptyTable(), { second: [another, copy] })).toMatchObject({ left: [] });
  expect(Buffer.compare(await scene.bytesOf(key), good)).toBe(0);
});

test('a copy that is damaged itself is never put back, and the file stays as it is', async () => {
  const [part] = await bigParts();
  const damaged = part!.good.toReversed();
  await scene.storage.put(part!.key, damaged);
  const { faults } = await scrub();
  const table = emptyTable();
  const [in2nd] = await another.copiesOf(faults[0]!.file).then((files) => files.slice(1));
  const spoilt = s3Storage(placeOf('second'));
  const whole = await spoilt.get(in2nd!.parts[0]!.key);
  await spoilt.put(in2nd!.parts[0]!.key, whole!.toReversed());
  const copied = s3Storage(placeOf('copy'));
  await copied.put(part!.key, damaged);
  expect(await healFiles(scene.bucket, faults, table, { second: [another, copy] })).toMatchObject({ healed: [] });
  expect(Buffer.compare(await scene.bytesOf(part!.key), damaged)).toBe(0);
  await spoilt.put(in2nd!.parts[0]!.key, whole!);
  expect(await healFiles(scene.bucket, faults, table, { second: [copy, another] })).toMatchObject({ left: [] });
});

test('a scrub asks the second repository that the platform file names, and no point is bad', async () => {
  const platform = await scrubbedPlatform(scene);
  for (const { snapshot } of scene.points.toReversed()) await platform.publish(snapshot);
  Object.assign(platform.open, { healSources: () => Promise.resolve([placeOf('second')]) });
  const [part] = await bigParts();
  await scene.storage.put(part!.key, part!.good.toReversed());
  const { checks = [], summary } = await platform.scrub('all');
  expect(checks).toMatchObject([{ verdict: 'pass' }, { name: 'heal documents', warning: true }]);
  expect(checks[1]?.evidence).toContain('s3://backups/second/');
  expect(summary).toContain('1 put back');
  expect(await platform.bad()).toEqual([]);
});

test('an object is written in parts only when all of it is what it must be', async () => {
  const content = randomBytes(17 * 1024 * 1024 + 7);
  async function* pieces() {
    for (let at = 0; at < content.length; at += 999_999)
      yield await Promise.resolve(content.subarray(at, at + 999_999));
  }
  const { objects } = scene.bucket;
  const wanted = { bytes: content.length, crc: crc32(content) };
  expect(await objects.write('scratch', pieces(), { ...wanted, crc: wanted.crc ^ 1 })).toBe(false);
  expect(await scene.storage.get('scratch')).toBeUndefined();
  expect(await objects.write('scratch', pieces(), wanted)).toBe(true);
  expect(Buffer.compare(await scene.bytesOf('scratch'), content)).toBe(0);
  await scene.storage.delete('scratch');
}, 120_000);
