import { overallVerdict } from '../../../domain/checks.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { backUp, restore, type Kept } from '../../unit/systems/streams/kept.ts';

/** A real server behind a driver, for the tests that every kind of store passes. */
export interface Conforming {
  store: StreamStore<unknown>;
  /** The same store with a password that is not its own; absent: the server has none. */
  withWrongPassword?: StreamStore<unknown>;
  /** All that the server holds, as one text. */
  content: () => Promise<string>;
  /** Changes, adds and removes something. */
  change: () => Promise<void>;
  /** Adds a little: called again and again while a backup is taken. */
  add: () => Promise<void>;
  /** What of Rekindle's is left where the server keeps its data. */
  leftovers: () => Promise<string[]>;
  /** Of a part, what is left of it when its end is lost. */
  cut?: (bytes: Buffer) => Buffer;
}

/** Not passed, or with a warning: what a person would have to look at. */
async function doubts(store: StreamStore<unknown>, { expected }: Pick<Kept, 'expected'>): Promise<string[]> {
  const checks = await store.compare(expected, {});
  if (checks.length === 0) return ['nothing was compared'];
  return checks
    .filter(({ verdict, warning }) => verdict !== 'pass' || warning)
    .map(({ name, evidence }) => `${name}: ${evidence}`);
}

/** Milliseconds: containers are stopped and started, next to other work. */
const minutes = 300_000;

/** `conforming`: set up in the file's own `beforeAll`. */
export function conformanceSuite(conforming: () => Conforming): void {
  test(
    'it can be backed up, and says how much there is',
    async () => {
      const { store } = conforming();
      await store.answers({});
      expect(overallVerdict(await store.check(undefined, {}))).toBe('pass');
      const { parts } = await backUp(store);
      const inventory = await store.inventory({});
      expect(Object.values(inventory).every((bytes) => bytes > 0)).toBe(true);
      expect([...parts.keys()]).toEqual(expect.arrayContaining(Object.keys(inventory)));
    },
    minutes,
  );

  test(
    'backed up and restored is equal; a restore that is repeated gives the same',
    async () => {
      const { store, content, change, leftovers } = conforming();
      const kept = await backUp(store);
      const before = await content();
      await change();
      expect(await content()).not.toBe(before);
      expect(await doubts(store, kept)).not.toEqual([]);
      expect(overallVerdict(await store.check(kept.expected, {}))).toBe('pass');
      for (let time = 1; time <= 2; time++) {
        await restore(store, kept, 'restore/test/1');
        expect(await content()).toBe(before);
        expect(await doubts(store, kept)).toEqual([]);
      }
      await store.release([...kept.parts.keys()], 'restore/test/1', {});
      await store.release([...kept.parts.keys()], 'restore/test/1', {});
      expect(await leftovers()).toEqual([]);
      expect(await content()).toBe(before);
    },
    minutes,
  );

  test(
    'the way back brings what was there, twice; then nothing is left',
    async () => {
      const { store, content, change, leftovers } = conforming();
      const kept = await backUp(store);
      await change();
      const changed = await content();
      await restore(store, kept, 'restore/test/2');
      expect(await content()).not.toBe(changed);
      await store.putBack([...kept.parts.keys()], 'restore/test/2', {});
      await store.putBack([...kept.parts.keys()], 'restore/test/2', {});
      expect(await content()).toBe(changed);
      expect(await leftovers()).toEqual([]);
    },
    minutes,
  );

  test(
    'a backup that is cut off leaves nothing, and the next one begins anew',
    async () => {
      const { store, leftovers } = conforming();
      const cut = store.backUp(async ({ pieces }) => {
        for await (const _ of pieces) throw new Error('the storage is gone');
      }, {});
      await expect(cut).rejects.toThrow('the storage is gone');
      expect(await leftovers()).toEqual([]);
      const kept = await backUp(store);
      expect(await doubts(store, kept)).toEqual([]);
    },
    minutes,
  );

  test(
    'a backup that is cancelled ends at once, and leaves nothing',
    async () => {
      const { store, leftovers } = conforming();
      const controller = new AbortController();
      const cancelled = store.backUp(
        async ({ pieces }) => {
          controller.abort(new Error('cancelled by the test'));
          for await (const _ of pieces);
        },
        { signal: controller.signal },
      );
      await expect(cancelled).rejects.toThrow('cancelled by the test');
      expect(await leftovers()).toEqual([]);
    },
    minutes,
  );

  test(
    'half a part is never taken for all of it, and what was there comes back',
    async () => {
      const { store, content } = conforming();
      const kept = await backUp(store);
      const before = await content();
      const cut = conforming().cut ?? ((bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
      const halves = { ...kept, parts: new Map([...kept.parts].map(([part, bytes]) => [part, cut(bytes)])) };
      await expect(restore(store, halves, 'restore/test/3')).rejects.toThrow();
      await store.putBack([...kept.parts.keys()], 'restore/test/3', {});
      expect(await content()).toBe(before);
      const broken = async function* () {
        yield await Promise.resolve(Buffer.from('x'));
        throw new Error('the bucket is gone');
      };
      const [last = ''] = store.order([...kept.parts.keys()]).toReversed();
      await expect(store.restore(last, broken(), 'restore/test/4', {})).rejects.toThrow('the bucket is gone');
      await store.putBack([...kept.parts.keys()], 'restore/test/4', {});
      expect(await content()).toBe(before);
    },
    minutes,
  );

  test(
    'what is expected is what was backed up, though others write meanwhile',
    async () => {
      const { store, add } = conforming();
      const writing = { on: true };
      const writer = (async () => {
        while (writing.on) await add();
      })();
      const kept = await backUp(store).finally(() => (writing.on = false));
      await writer;
      await restore(store, kept, 'restore/test/5');
      expect(await doubts(store, kept)).toEqual([]);
      await store.release([...kept.parts.keys()], 'restore/test/5', {});
    },
    minutes,
  );

  test(
    'a wrong password is told as such',
    async () => {
      const { withWrongPassword } = conforming();
      if (withWrongPassword === undefined) return;
      await expect(withWrongPassword.check(undefined, {})).rejects.toMatchObject({ kind: 'WrongCredentials' });
      await expect(backUp(withWrongPassword)).rejects.toMatchObject({ kind: 'WrongCredentials' });
    },
    minutes,
  );
}
