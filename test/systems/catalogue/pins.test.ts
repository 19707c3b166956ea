import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personOf, pin, pinForRun, unpin, unpinRun } from '../../../operations/recovery-points/pins.ts';
import type { RunState } from '../../../domain/recovery-points/unfinished.ts';
import { dropStalePins } from '../../../operations/prune/stale-pins.ts';
import { pointObjectKey } from '../../../domain/recovery-points/catalogue-keys.ts';
import type { Catalogue } from '../../../systems/catalogue/catalogue.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { directoryStorage } from '../../../systems/object-storage/directory.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';

const [first, second] = ['2026-11-21t0930z', '2026-11-21t1030z'] as const;
const run = 'restore/nuvla/2026-11-21T11:00:00Z';

let root: string;
let storage: ObjectStorage;
let catalogue: Catalogue;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rkt-pins-'));
  storage = directoryStorage(root);
  catalogue = openCatalogue(storage, 'nuvla');
  for (const id of [first, second]) {
    const key = `manifest~20261121T0${id === first ? '93' : '94'}000Z~1~1~1~1~1~${'0'.repeat(64)}.json`;
    await storage.put(pointObjectKey('nuvla', id, key), new Uint8Array([1]));
  }
});
afterEach(() => rm(root, { recursive: true }));

const pins = async () =>
  Object.fromEntries((await catalogue.listPoints()).points.map(({ id, pinnedBy = [] }) => [id, pinnedBy]));
const markers = async () => {
  const keys: string[] = [];
  for await (const { key } of storage.list(pointObjectKey('nuvla', first, 'pinned~'))) keys.push(key);
  return keys;
};

test('pinned once by each, whoever asks again', async () => {
  expect(await pin(catalogue, first, personOf('anna'))).toEqual({ pinned: true });
  expect(await pin(catalogue, first, personOf('anna'))).toEqual({ pinned: false });
  expect(await pin(catalogue, first, run)).toEqual({ pinned: true });
  expect(await pins()).toEqual({ [first]: ['person/anna', run], [second]: [] });
  expect(await markers()).toHaveLength(2);
});

test('a person unpins what people pinned, and with an option what runs pinned', async () => {
  await pin(catalogue, first, personOf('anna'));
  await pin(catalogue, first, personOf('ben@laptop'));
  await pin(catalogue, first, run);
  expect(await unpin(catalogue, first, { all: false })).toEqual({
    unpinned: ['person/anna', 'person/ben@laptop'],
    left: [run],
  });
  expect(await unpin(catalogue, first, { all: false })).toEqual({ unpinned: [], left: [run] });
  expect(await unpin(catalogue, first, { all: true })).toEqual({ unpinned: [run], left: [] });
  expect(await markers()).toEqual([]);
});

test('an unknown point, and one that is being deleted, cannot be pinned', async () => {
  const unknown = ['nothing', '', '../../x', `${first}/stores`, first.slice(0, -1)];
  const works = unknown.flatMap((id) => [() => pin(catalogue, id, run), () => unpin(catalogue, id, { all: true })]);
  for (const work of works) await expect(work()).rejects.toMatchObject({ kind: 'RecoveryPointNotFound' });
  await catalogue.mark(first, 'deleting', { at: '2026-11-21T12:00:00Z', run: 'prune/1' });
  await expect(pin(catalogue, first, run)).rejects.toMatchObject({ kind: 'RecoveryPointNotFound' });
  expect(await markers()).toEqual([]);
});

test('a deletion that begins in the same moment wins, and leaves no pin', async () => {
  const meanwhile: Catalogue = {
    ...catalogue,
    async mark(id, marker, by) {
      await catalogue.mark(id, marker, by);
      await catalogue.mark(id, 'deleting', { at: '2026-11-21T12:00:00Z', run: 'prune/1' });
    },
  };
  await expect(pin(meanwhile, first, run)).rejects.toMatchObject({ kind: 'RecoveryPointNotFound' });
  expect(await markers()).toEqual([]);
});

test('a run pins one point: a new plan may choose another; at its end it pins none', async () => {
  await pin(catalogue, second, personOf('anna'));
  await pinForRun(catalogue, first, run);
  await pinForRun(catalogue, first, run);
  expect(await pins()).toEqual({ [first]: [run], [second]: ['person/anna'] });
  await pinForRun(catalogue, second, run);
  expect(await pins()).toEqual({ [first]: [], [second]: ['person/anna', run] });
  await unpinRun(catalogue, run);
  await unpinRun(catalogue, run);
  expect(await pins()).toEqual({ [first]: [], [second]: ['person/anna'] });
});

test('the remains of an interrupted deletion are distinguished from a running backup', async () => {
  await catalogue.putObject('2026-11-22t0000z', 'capture.age', new Uint8Array([1]));
  await catalogue.putObject('2026-11-23t0000z', 'capture.age', new Uint8Array([1]));
  await catalogue.mark('2026-11-23t0000z', 'deleting', { at: '2026-11-21T12:00:00Z', run: 'prune/1' });
  expect(await catalogue.listPoints()).toMatchObject({
    unfinished: ['2026-11-22t0000z'],
    halfRemoved: ['2026-11-23t0000z'],
  });
});

test('runs that keep something', async () => {
  await catalogue.putRunObject(`${run}~0199a1b2`, 'deployment.age', new Uint8Array([1]));
  await storage.put('nuvla/runs/README', new Uint8Array([1]));
  expect(await catalogue.runsWithObjects()).toEqual([`${run}~0199a1b2`]);
});

test('a prune removes the pins of runs that have ended, and no others', async () => {
  const [terminated, elsewhere, reported, running] = ['terminated', 'elsewhere', 'reported', 'running'].map(
    (name) => `restore/nuvla/${name}`,
  ) as [string, string, string, string];
  const everybody = [terminated, elsewhere, reported, running, personOf('anna'), 'by-hand'];
  for (const by of everybody) await pin(catalogue, first, by);
  await catalogue.writeReport(reported, {});
  const states: Record<string, RunState> = { [terminated]: 'over', [running]: 'running' };
  const runState = (id: string) => Promise.resolve(states[id] ?? 'unknown');
  expect((await dropStalePins(catalogue, runState)).toSorted()).toEqual([reported, terminated]);
  expect((await pins())[first]).toEqual(['by-hand', personOf('anna'), elsewhere, running].toSorted());
});

test('some of many are looked at without a list of all', async () => {
  await catalogue.mark(first, 'deleting', { at: '2026-11-21T12:00:00Z', run: 'prune/1' });
  const asked: string[] = [];
  const watched: ObjectStorage = {
    ...storage,
    list: (prefix, range) => {
      asked.push(prefix);
      return storage.list(prefix, range);
    },
  };
  const { points } = await openCatalogue(watched, 'nuvla').listPoints([first, 'nothing']);
  expect(points).toMatchObject([{ id: first, deleting: true }]);
  expect(asked).toEqual([`nuvla/points/${first}/`, 'nuvla/points/nothing/']);
});
