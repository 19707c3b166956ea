import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseReadable } from '../../../operations/recovery-points/choose-readable.ts';
import { renderList } from '../../../cli/render/points.ts';
import type { PointChoice, RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import type { Catalogue } from '../../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { sha256 } from '../../../systems/catalogue/digest.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

// cspell:ignore ümlaut

const bytes = (text: string) => new TextEncoder().encode(text);
const good = '2026-11-20t0930z';
const torn = '2026-11-21t0930z';
const folder = `demo/points/${torn}`;
const figures = '20261121T093000.000Z~42~1000~10~3~2500';

async function writeGood(catalogue: Catalogue): Promise<RecoveryPointManifest> {
  const manifest: RecoveryPointManifest = {
    version: 1,
    id: good,
    platform: 'demo',
    run: 'backup/demo/1',
    startedAt: '2026-11-20T09:30:00.000Z',
    finishedAt: '2026-11-20T09:30:42.000Z',
    platformFileHash: 'f',
    stores: [],
    capture: await catalogue.putObject(good, 'capture.age', bytes('sealed')),
    images: {},
  };
  await catalogue.writeManifest(manifest);
  return manifest;
}

const manifestKey = (text: string) => `${folder}/manifest~${figures}~${sha256(bytes(text))}.json`;
const later = JSON.stringify({ version: 2, id: torn, platform: 'demo', everything: 'else' });

/** What may lie in a catalogue that others write into; by which key, and with what in it. */
const junk: [name: string, key: string, content: string][] = [
  ['an empty manifest', manifestKey('{}'), ''],
  ['truncated JSON under its own digest', manifestKey('{"version": 1, "id'), '{"version": 1, "id'],
  ['a digest that is not its own', manifestKey('{}'), '{"version": 1}'],
  ['a manifest of a later version', manifestKey(later), later],
  ['a manifest key of a later version', `${folder}/manifest~2~${figures}~more.json`, '{}'],
  ['a manifest of a thirteenth month', `${folder}/manifest~20261321T093000Z~1~1~1~1~1~${'a'.repeat(64)}.json`, '{}'],
  ['a manifest without numbers', `${folder}/manifest~20261121T093000Z~NaN~-1~1e9~1~1~${'a'.repeat(64)}.json`, '{}'],
  ['a folder of somebody else', 'demo/points/lost+found/x', 'x'],
  ['a folder within a folder', `${folder}/deep/deeper/deepest`, 'x'],
  ['a file beside the points', 'demo/points/README.md', '# hello'],
  ['odd characters', 'demo/points/ümlaut 日本 \u0007 %2F \'"/weird?a=b#c', 'x'],
  ['odd characters in a marker', `${folder}/pinned~20261121T093000Z~(zz)`, ''],
  ['a marker without its run', `${folder}/deleting~20261121T093000Z`, ''],
  ['a claim of nobody', `${folder}/claim~now`, ''],
  ['an adoption of nothing', `${folder}/adopted~20261121T093000Z~`, ''],
  ['a capital id', 'demo/points/2026-11-21T0930Z/capture.age', 'x'],
];

const implementations: [string, (root: string) => ObjectStorage][] = [
  ['a directory', directoryStorage],
  ['memory', () => memoryStorage()],
];

describe.each(implementations)('junk in %s', (_, implementation) => {
  let root: string;
  let storage: ObjectStorage;
  let catalogue: Catalogue;
  let whole: RecoveryPointManifest;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rkt-'));
    storage = implementation(root);
    catalogue = openCatalogue(storage, 'demo');
    whole = await writeGood(catalogue);
  });
  afterEach(() => rm(root, { recursive: true }));

  const nothing = () => Promise.resolve();
  const choose = (choice: PointChoice) => chooseReadable({ catalogue, platform: demoPlatform() }, choice, nothing);

  test.each(junk)('%s spoils nothing', async (_name, key, content) => {
    await storage.put(key, bytes(content));
    const { points } = await catalogue.listPoints();
    expect(points.map(({ id }) => id)).toContain(good);
    expect(points.every(({ startedAt }) => !Number.isNaN(Date.parse(startedAt)))).toBe(true);
    expect(await catalogue.takenIds()).toContain(good);
    expect((await catalogue.snapshotNames()).has(`snapshot.${good}`)).toBe(true);
    expect((await choose({ latest: true })).manifest).toEqual(whole);
    expect((await choose({ before: '2027-01-01T00:00:00.000Z' })).manifest).toEqual(whole);
    expect(await catalogue.readManifest(good)).toEqual(whole);
    // What a prune and the next backup go by.
    for (const left of await catalogue.listUnfinished()) expect(left.claims).toEqual([]);
    const owner = { run: 'backup/demo/2', execution: 'e-2' };
    expect(await catalogue.claim({ owner, at: '2026-11-22T09:30:00.000Z' })).toBe('2026-11-22t0930z');
    await catalogue.mark(good, 'pinned', { at: '2026-11-22T09:30:00.000Z', run: 'x' });
    expect((await catalogue.findPoint(good))?.summary).toMatchObject({ id: good, pinned: true });
  });

  test('all of it at once: one good point, a warning for each foreign key, and nothing cleared that is not known', async () => {
    for (const [, key, content] of junk) await storage.put(key, bytes(content));
    const { points, warnings } = await catalogue.listPoints();
    expect(points.map(({ id }) => id)).toEqual([torn, good]);
    expect(warnings.length).toBeGreaterThanOrEqual(11);
    expect((await catalogue.listUnfinished()).filter(({ known }) => known).map(({ id }) => id)).toEqual([]);
    const { manifest, passedOver } = await choose({ latest: true });
    expect(manifest.id).toBe(good);
    expect(passedOver).toEqual([expect.stringMatching(new RegExp(`^${torn}: .*manifest`)) as string]);
    // Who names the torn one hears what is wrong with it, and which one is whole.
    expect(await choose({ id: torn })).toMatchObject({ manifest: { id: good }, passedOver });
  });

  test('only torn points: the failure says so, and not that there is none', async () => {
    await storage.put(manifestKey(later), bytes(later));
    await catalogue.mark(good, 'bad', { at: '2026-11-22T09:30:00.000Z', run: 'x' });
    await expect(choose({ latest: true })).rejects.toMatchObject({ kind: 'CatalogueRefused' });
  });

  test('a storage that does not answer is not taken for junk', async () => {
    const away: ObjectStorage = { ...storage, get: () => Promise.reject(new Error('away')) };
    const chosen = chooseReadable(
      { catalogue: openCatalogue(away, 'demo'), platform: demoPlatform() },
      { latest: true },
      nothing,
    );
    await expect(chosen).rejects.toThrow('away');
  });

  test('the list shows what is good, ten warnings, and counts the others', async () => {
    for (const [, key, content] of junk) await storage.put(key, bytes(content));
    for (let index = 0; index < 30; index++) await storage.put(`demo/points/file-${index}`, bytes('x'));
    const said = renderList('demo', await catalogue.listPoints(), Date.now()).split('\n');
    expect(said.some((line) => line.startsWith(good))).toBe(true);
    expect(said.filter((line) => line.startsWith('warning: skipped'))).toHaveLength(10);
    expect(said.at(-1)).toMatch(/^warning: and \d+ more keys skipped$/);
  });
});
