import fc from 'fast-check';
import { claimName, idOfRound, timeOfId, type PointOwner } from '../../../domain/recovery-points/claims.ts';
import { parsePointObject } from '../../../domain/recovery-points/catalogue-keys.ts';
import { claimPoint, tryClaim } from '../../../systems/catalogue/claims.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { memoryStorage } from '../../memory-storage.ts';
import { waitFor } from '../../wait-for.ts';

const at = '2026-11-21T09:30:12.345Z';
// Runs of several orchestrators may bear the same id; executions never do.
const ownerOf = (index: number): PointOwner => ({ run: 'backup/nuvla/2026-11-21T09:30:00Z', execution: `e-${index}` });

test('whatever the order of their requests, no two writers keep one id, and each gets one', () =>
  fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 4 }),
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 20 }),
      async (scheduler, writers, chances) => {
        const storage = memoryStorage((what) => scheduler.schedule(Promise.resolve(), what));
        let drawn = 0;
        const random = () => chances[drawn++ % chances.length]! * 0.9 + Math.random() * 0.1;
        const claims = Array.from({ length: writers }, (_, index) =>
          claimPoint(storage, 'nuvla', { owner: ownerOf(index), at, random }),
        );
        await scheduler.waitFor(Promise.all(claims));
        const ids = await Promise.all(claims);
        expect(new Set(ids).size).toBe(writers);
        expect(ids.every((id) => timeOfId(id) !== undefined)).toBe(true);
      },
    ),
    { numRuns: 400 },
  ));

test('alone: the minute; the minute taken: the second; both taken: a later second', async () => {
  const storage = memoryStorage();
  const claim = (index: number) => claimPoint(storage, 'nuvla', { owner: ownerOf(index), at, random: () => 0.5 });
  expect(await claim(1)).toBe('2026-11-21t0930z');
  expect(await claim(2)).toBe('2026-11-21t093012z');
  expect(await claim(3)).toBe('2026-11-21t093014z');
  const taken = new Set(['2026-11-21t0931z']);
  const inRepository = { owner: ownerOf(4), at: '2026-11-21T09:31:00.000Z', taken };
  expect(await claimPoint(storage, 'nuvla', inRepository)).toBe('2026-11-21t093100z');
});

test('a repeated attempt finds the claim of its run; another execution of the same run id does not', async () => {
  const storage = memoryStorage();
  const later = '2026-11-21T09:30:14.000Z';
  const first = await claimPoint(storage, 'nuvla', { owner: ownerOf(1), at });
  expect(await claimPoint(storage, 'nuvla', { owner: ownerOf(1), at: later })).toBe(first);
  expect(await claimPoint(storage, 'nuvla', { owner: ownerOf(2), at: later })).not.toBe(first);
});

test('an attempt that was thought dead removes only its own claim', async () => {
  const id = '2026-11-21t0930z';
  const others = `nuvla/points/${id}/${claimName({ ...ownerOf(2), at })}`;
  let resume: () => void = () => undefined;
  const dead = new Promise<void>((resolve) => (resume = resolve));
  const storage = memoryStorage((what) => (what.includes('delete') && what.includes('e-1') ? dead : Promise.resolve()));
  await storage.put(others, new Uint8Array());
  // It sees the other's claim and is about to withdraw; the other withdraws first, and the run's next attempt keeps the id.
  const first = tryClaim(storage, 'nuvla', id, { owner: ownerOf(1), at });
  await waitFor(async () => expect(await claimsUnder(storage, id)).toBe(2));
  await storage.delete(others);
  expect(await tryClaim(storage, 'nuvla', id, { owner: ownerOf(1), at: '2026-11-21T09:30:13.000Z' })).toBe(true);
  resume();
  expect(await first).toBe(false);
  expect(await claimsUnder(storage, id)).toBe(1);
  expect(await tryClaim(storage, 'nuvla', id, { owner: ownerOf(3), at })).toBe(false);
});

async function claimsUnder(storage: ObjectStorage, id: string): Promise<number> {
  let count = 0;
  for await (const { key } of storage.list(`nuvla/points/${id}/claim~`)) count += Number(key.length > 0);
  return count;
}

test.each(['capture.age', 'manifest~from~the~future', 'stores/documents.before.json', 'pinned~20261121T093012Z~x'])(
  'an id under which somebody has %s is not taken',
  async (name) => {
    const storage = memoryStorage();
    await storage.put(`nuvla/points/2026-11-21t0930z/${name}`, new Uint8Array([1]));
    expect(await tryClaim(storage, 'nuvla', '2026-11-21t0930z', { owner: ownerOf(1), at })).toBe(false);
    expect(await claimPoint(storage, 'nuvla', { owner: ownerOf(1), at })).toBe('2026-11-21t093012z');
    expect(
      (await openCatalogue(storage, 'nuvla').listUnfinished()).map(({ id, claims }) => [id, claims.length]),
    ).toEqual([
      ['2026-11-21t093012z', 1],
      ['2026-11-21t0930z', 0],
    ]);
  },
);

test('a claim in a key', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((run) => run !== '-'),
      fc.uuid(),
      (run, execution) => {
        const name = claimName({ at, run, execution });
        expect(Buffer.byteLength(name)).toBeLessThan(255);
        expect(name).not.toContain('/');
        expect(parsePointObject(name)).toMatchObject({ kind: 'claim', claim: { at, execution } });
      },
    ),
  ));

test('a workflow id that is too long for a key is left out; the execution tells the owner', () => {
  const name = claimName({ at, run: 'backup/'.repeat(60), execution: 'e' });
  expect(parsePointObject(name)).toEqual({ kind: 'claim', claim: { at, execution: 'e' } });
  expect(parsePointObject(claimName({ at, run: 'backup/nuvla/1', execution: 'e' }))).toEqual({
    kind: 'claim',
    claim: { at, execution: 'e', run: 'backup/nuvla/1' },
  });
});

test('rounds go on beyond the minute, and over midnight', () => {
  const late = '2026-12-31T23:59:59.900Z';
  expect(idOfRound(late, 0, 0)).toBe('2026-12-31t2359z');
  expect(idOfRound(late, 1, 0.9)).toBe('2026-12-31t235959z');
  expect(idOfRound(late, 2, 0)).toBe('2027-01-01t000000z');
  expect(idOfRound(late, 30, 0.9999)).toBe('2027-01-01t005959z');
  expect(timeOfId('2027-01-01t000000z')).toBe('2027-01-01T00:00:00Z');
  expect(['nightly', '2026-13-01t0000z', ''].map(timeOfId)).toEqual([undefined, undefined, undefined]);
});
