import fc from 'fast-check';
import type { RecoveryPointManifest } from '../../../domain/recovery-points/recovery-point.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { memoryStorage } from '../../memory-storage.ts';

const id = '2026-11-21t0930z';
const at = '2026-11-21T09:30:12.345Z';
const owner = { run: 'backup/nuvla/1', execution: 'e-1' };
const object = { key: `nuvla/points/${id}/capture.age`, sha256: 'a'.repeat(64), bytes: 1 };
const manifest: RecoveryPointManifest = {
  version: 1,
  id,
  platform: 'nuvla',
  run: owner.run,
  startedAt: at,
  finishedAt: at,
  platformFileHash: 'f',
  stores: [],
  capture: object,
  images: {},
};

/** A backup that has written all but its manifest. */
async function halfPoint(step?: (what: string) => Promise<unknown>) {
  let wait: typeof step;
  const storage = memoryStorage((what) => wait?.(what) ?? Promise.resolve());
  const catalogue = openCatalogue(storage, 'nuvla');
  expect(await catalogue.claim({ owner, at })).toBe(id);
  await catalogue.putObject(id, 'capture.age', new Uint8Array(1));
  await catalogue.putObject(id, 'stores/documents.expected.json', new Uint8Array(1));
  wait = step;
  const keys = async () => {
    wait = undefined;
    const found: string[] = [];
    for await (const { key } of storage.list('nuvla/')) found.push(key.slice(`nuvla/points/${id}/`.length));
    return found.toSorted();
  };
  return { storage, catalogue, keys };
}

test('a publisher that is still alive while it is cleared: a complete point, or none; never one without its snapshot', () =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { catalogue, keys } = await halfPoint((what) => scheduler.schedule(Promise.resolve(), what));
      let snapshotGone = false;
      const work = [
        catalogue.writeManifest(manifest, owner).then(
          () => true,
          (error: unknown) => {
            expect(error).toMatchObject({ kind: 'CatalogueRefused' });
            return false;
          },
        ),
        catalogue.clearUnfinished(id, () => {
          snapshotGone = true;
          return Promise.resolve();
        }),
      ] as const;
      await scheduler.waitFor(Promise.all(work));
      const [published, cleared] = await Promise.all(work);
      const left = await keys();
      expect(published && cleared).toBe(false);
      if (left.some((key) => key.startsWith('manifest~'))) {
        expect({ published, cleared, snapshotGone }).toEqual({ published: true, cleared: false, snapshotGone: false });
        expect(left).toEqual(expect.arrayContaining(['capture.age', 'stores/documents.expected.json']));
      }
      if (cleared) expect(left).toEqual([]);
    }),
    { numRuns: 500 },
  ));

test('interrupted between the claims and the rest, it is done again', async () => {
  const { catalogue, keys } = await halfPoint();
  await expect(catalogue.clearUnfinished(id, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed');
  expect(await keys()).toEqual(['capture.age', 'stores/documents.expected.json']);
  expect(await catalogue.listUnfinished()).toEqual([{ id, claims: [], known: true, deleting: false }]);
  expect(await catalogue.clearUnfinished(id, () => Promise.resolve())).toBe(true);
  expect(await keys()).toEqual([]);
});

test('without a claim, only what a backup writes is taken for the remains of one', async () => {
  const storage = memoryStorage();
  await storage.put('nuvla/points/2026-11-01t0000z/notes.txt', new Uint8Array([1]));
  await storage.put('nuvla/points/2026-11-02t0000z/stores/documents.before.json', new Uint8Array([1]));
  expect(await openCatalogue(storage, 'nuvla').listUnfinished()).toMatchObject([
    { id: '2026-11-01t0000z', known: false },
    { id: '2026-11-02t0000z', known: true },
  ]);
});

test('a manifest that came meanwhile, or one of a later version, keeps everything', async () => {
  for (const name of [undefined, 'manifest~20991121T093012Z~of~a~later~version.json']) {
    const { storage, catalogue, keys } = await halfPoint();
    if (name === undefined) await catalogue.writeManifest(manifest, owner);
    else await storage.put(`nuvla/points/${id}/${name}`, new Uint8Array([1]));
    let asked = false;
    const between = () => Promise.resolve().then(() => void (asked = true));
    expect(await catalogue.clearUnfinished(id, between)).toBe(false);
    expect(asked).toBe(false);
    expect(await keys()).toHaveLength(3);
  }
});

test('publishing needs the claim; a run that was reset still has it; older plans claimed nothing', async () => {
  const { catalogue, keys } = await halfPoint();
  const stranger = catalogue.writeManifest({ ...manifest, run: 'other' }, { run: 'other', execution: 'e-2' });
  await expect(stranger).rejects.toMatchObject({ kind: 'CatalogueRefused' });
  expect(await keys()).toHaveLength(3);
  await catalogue.writeManifest(manifest, { ...owner, execution: 'after-the-reset' });
  expect((await catalogue.listPoints()).points).toMatchObject([{ id }]);
  const older = { ...manifest, id: '2026-11-20t0930z' };
  await catalogue.writeManifest(older);
  expect((await catalogue.listPoints()).points).toHaveLength(2);
});
