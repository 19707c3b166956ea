import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import type { Catalogue } from '../../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';

// cspell:ignore verd

const bytes = (text: string) => new TextEncoder().encode(text);
const first = '2026-11-21t0930z';
const second = '2026-11-21t1030z';

let root: string;
let storage: ObjectStorage;
let catalogue: Catalogue;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rkt-'));
  storage = directoryStorage(root);
  catalogue = openCatalogue(storage, 'nuvla');
});
afterEach(() => rm(root, { recursive: true }));

async function backUp(id: string, startedAt: string, run = `backup/nuvla/${id}`): Promise<RecoveryPointManifest> {
  const manifest: RecoveryPointManifest = {
    version: 1,
    id,
    platform: 'nuvla',
    run,
    startedAt,
    finishedAt: new Date(Date.parse(startedAt) + 42_000).toISOString(),
    platformFileHash: 'abc',
    stores: [
      {
        store: 'documents',
        kind: 'elasticsearch',
        snapshot: `snapshot.${id}`,
        repository: 's3_backup',
        indices: 3,
        documents: 2500,
        shards: 9,
        totalBytes: 1_000_000,
        incrementalBytes: 5000,
        expectedSet: await catalogue.putObject(id, 'stores/documents.expected.json', bytes('{}')),
      },
    ],
    capture: await catalogue.putObject(id, 'capture.age', bytes('sealed')),
    images: { es: { reference: 'nuvla/es:8', digest: 'sha256:1' } },
  };
  await catalogue.writeManifest(manifest);
  return manifest;
}

const keysOf = async (prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
};

test('a list shows what the manifests say, newest first, without reading an object', async () => {
  await backUp(first, '2026-11-21T09:30:12.345Z');
  await backUp(second, '2026-11-21T10:30:00.000Z');
  const unreadable: ObjectStorage = { ...storage, get: () => Promise.reject(new Error('a list reads no object')) };
  expect(await openCatalogue(unreadable, 'nuvla').listPoints()).toEqual({
    points: [
      expect.objectContaining({ id: second }),
      {
        id: first,
        startedAt: '2026-11-21T09:30:12.345Z',
        durationSeconds: 42,
        totalBytes: 1_000_000,
        incrementalBytes: 5000,
        indices: 3,
        documents: 2500,
        pinned: false,
        bad: false,
        deleting: false,
      },
    ],
    unfinished: [],
    warnings: [],
  });
});

test('without a manifest there is no recovery point, but its id is taken', async () => {
  await catalogue.putObject(first, 'capture.age', bytes('sealed'));
  expect(await catalogue.listPoints()).toEqual({ points: [], unfinished: [first], warnings: [] });
  expect(await catalogue.takenIds()).toEqual([first]);
  await expect(catalogue.readManifest(first)).rejects.toMatchObject({ kind: 'RecoveryPointNotFound' });
});

test('a manifest is read as it was written; repeating it within the run changes nothing', async () => {
  const manifest = await backUp(first, '2026-11-21T09:30:12.345Z');
  expect(await catalogue.readManifest(first)).toEqual(manifest);
  await catalogue.writeManifest({ ...manifest, finishedAt: '2026-11-21T11:00:00.000Z' });
  expect(await catalogue.readManifest(first)).toEqual(manifest);
  expect((await catalogue.listPoints()).warnings).toEqual([]);
  const other = catalogue.writeManifest({ ...manifest, run: 'another' });
  await expect(other).rejects.toMatchObject({ kind: 'CatalogueRefused' });
});

test('markers: proven by the newest, pinned until taken back by the same run', async () => {
  await backUp(first, '2026-11-21T09:30:12.345Z');
  await catalogue.mark(first, 'proven', { at: '2026-11-22T00:00:00.000Z', run: 'restore/nuvla/1' });
  await catalogue.mark(first, 'proven', { at: '2026-11-23T00:00:00.000Z', run: 'drill/nuvla/2' });
  await catalogue.mark(first, 'pinned', { at: '2026-11-23T00:00:00.000Z', run: 'a/b~c' });
  await catalogue.mark(first, 'pinned', { at: '2026-11-23T00:00:00.000Z', run: 'other' });
  const point = async () => (await catalogue.listPoints()).points[0];
  expect(await point()).toMatchObject({ provenAt: '2026-11-23T00:00:00.000Z', pinned: true, bad: false });
  await catalogue.unmark(first, 'pinned', { run: 'a/b~c' });
  expect(await point()).toMatchObject({ pinned: true });
  await catalogue.unmark(first, 'pinned');
  expect(await point()).toMatchObject({ pinned: false, provenAt: '2026-11-23T00:00:00.000Z' });
});

test('a deletion that was interrupted shows, and is finished', async () => {
  await backUp(first, '2026-11-21T09:30:12.345Z');
  await backUp(second, '2026-11-21T10:30:00.000Z');
  await catalogue.mark(first, 'deleting', { at: '2026-11-23T00:00:00.000Z', run: 'prune/1' });
  expect((await catalogue.listPoints()).points.map(({ deleting }) => deleting)).toEqual([false, true]);
  const failing: ObjectStorage = {
    ...storage,
    delete: (key) => (key.includes('manifest~') ? Promise.reject(new Error('killed')) : storage.delete(key)),
  };
  await expect(openCatalogue(failing, 'nuvla').removePoint(first)).rejects.toThrow('killed');
  expect((await catalogue.listPoints()).points.find(({ id }) => id === first)).toMatchObject({ deleting: true });
  await catalogue.removePoint(first);
  expect(await keysOf(`nuvla/points/${first}/`)).toEqual([]);
  expect((await catalogue.listPoints()).points.map(({ id }) => id)).toEqual([second]);
});

test('foreign and torn keys are skipped with a warning, never fatal', async () => {
  await backUp(first, '2026-11-21T09:30:12.345Z');
  await storage.put('nuvla/points/README.txt', bytes('hello'));
  await storage.put(`nuvla/points/${first}/pinned~yesterday`, bytes(''));
  await storage.put(`nuvla/points/${second}/manifest~20261121T103000Z~1.json`, bytes('{}'));
  const whole = (await keysOf(`nuvla/points/${first}/manifest~`))[0] ?? '';
  await storage.put(whole.replace(first, '2026-11-22t0000z'), bytes(''));
  await storage.put(whole.replace('~42~', '~43~'), bytes('{}'));
  const { points, warnings } = await catalogue.listPoints();
  expect(points.map(({ id, durationSeconds }) => [id, durationSeconds])).toEqual([[first, 42]]);
  expect(warnings).toHaveLength(5);
  expect(await catalogue.readManifest(first)).toMatchObject({ id: first });
});

test.each([
  ['torn', (whole: string) => whole.slice(0, 100)],
  ['altered', (whole: string) => whole.replace('2500', '2501')],
])('a manifest that was %s is refused', async (_, change) => {
  await backUp(first, '2026-11-21T09:30:12.345Z');
  const key = (await keysOf(`nuvla/points/${first}/manifest~`))[0] ?? '';
  const whole = new TextDecoder().decode(await storage.get(key));
  await storage.put(key, bytes(change(whole)));
  await expect(catalogue.readManifest(first)).rejects.toMatchObject({ kind: 'CatalogueRefused' });
});

test('an object is proven by its digest', async () => {
  const object = await catalogue.putObject(first, 'stores/documents.expected.json', bytes('{"a":1}'));
  expect(object).toMatchObject({ bytes: 7, key: `nuvla/points/${first}/stores/documents.expected.json` });
  expect(await catalogue.getObject(object)).toEqual(bytes('{"a":1}'));
  expect(await catalogue.statObject(first, 'stores/documents.expected.json')).toEqual(object);
  expect(await catalogue.findObject(first, 'none')).toBeUndefined();
  await storage.put(object.key, bytes('{"a":2}'));
  await expect(catalogue.getObject(object)).rejects.toMatchObject({ kind: 'CatalogueRefused' });
  await storage.delete(object.key);
  await expect(catalogue.getObject(object)).rejects.toMatchObject({ kind: 'CatalogueRefused' });
});

test('reports', async () => {
  expect(await catalogue.readReport('restore/nuvla/1')).toBeUndefined();
  await catalogue.writeReport('restore/nuvla/1', { verdict: 'pass' });
  await catalogue.writeReport('5b0e-uuid', { verdict: 'fail' });
  expect(await catalogue.listReports()).toEqual(['5b0e-uuid', 'restore/nuvla/1']);
  expect(await catalogue.readReport('restore/nuvla/1')).toEqual({ verdict: 'pass' });
  await storage.put('nuvla/reports/5b0e-uuid.json', bytes('{"verd'));
  await expect(catalogue.readReport('5b0e-uuid')).rejects.toMatchObject({ kind: 'CatalogueRefused' });
});

test('the links of a run are read with those before them, whatever else is in the chain', async () => {
  const added: string[] = [];
  for (const [second, run] of ['restore/nuvla/1', 'restore/nuvla/10', 'restore/nuvla/2'].entries()) {
    const finishedAt = `2026-11-21T09:30:0${second}.000Z`;
    await catalogue.addReportLink({ run, finishedAt, report: `${second}`, previous: added.slice(-1) });
    added.push((await catalogue.reportLinks(1)).links[0]?.name ?? '');
  }
  const runsOf = async (run: string) => (await catalogue.reportLinksOf(run)).map((link) => link.run);
  expect(await runsOf('restore/nuvla/1')).toEqual(['restore/nuvla/1']);
  expect(await runsOf('restore/nuvla/2')).toEqual(['restore/nuvla/10', 'restore/nuvla/2']);
  expect(await runsOf('restore/nuvla/3')).toEqual([]);
});

test("a manifest's digest is known from its key", async () => {
  expect(await catalogue.manifestDigest(first)).toBeUndefined();
  await backUp(first, '2026-11-21T09:30:12.345Z');
  const [key = ''] = (await catalogue.objectsOf(first)).flatMap((object) =>
    object.key.includes('/manifest~') ? [object.key] : [],
  );
  const written = (await catalogue.readObject(key)) ?? new Uint8Array();
  expect(await catalogue.manifestDigest(first)).toBe(createHash('sha256').update(written).digest('hex'));
});

test('a platform does not see another whose name begins the same way', async () => {
  await backUp(first, '2026-11-21T09:30:12.345Z');
  const other = openCatalogue(storage, 'nuvla2');
  expect(await other.listPoints()).toEqual({ points: [], unfinished: [], warnings: [] });
  expect(await other.listReports()).toEqual([]);
});
