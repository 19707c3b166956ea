import { overallVerdict } from '../../../../domain/checks.ts';
import type { StreamStore } from '../../../../systems/streams/stream-store.ts';
import { backUp, restore } from './kept.ts';

/** A store with something in it, and hands that change its content from outside. */
export interface ConformingStore {
  store: StreamStore<unknown>;
  /** Loses or changes what was backed up. */
  spoil: () => Promise<void>;
  /** What it holds now, so that two moments can be compared. */
  content: () => Promise<unknown>;
}

/** What every store of streams does, of whatever kind: the steps of a plan rely on it. */
export function conforms(make: () => Promise<ConformingStore>): void {
  const run = 'restore/test/1';

  test('a server that answers can be backed up, and says what there is', async () => {
    const { store } = await make();
    await store.answers({});
    expect(overallVerdict(await store.check(undefined, {}))).toBe('pass');
    const sizes = Object.values(await store.inventory({}));
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.every((size) => size > 0)).toBe(true);
  });

  test('what was backed up comes back, and compares as equal; a spoiled store does not', async () => {
    const { store, spoil, content } = await make();
    const before = await content();
    const { expected, moment, parts } = await backUp(store);
    expect(Date.parse(moment.from)).toBeLessThanOrEqual(Date.parse(moment.to));
    expect(overallVerdict(await store.check(expected, {}))).toBe('pass');
    await spoil();
    expect(overallVerdict(await store.compare(expected, {}))).toBe('fail');
    await restore(store, { parts }, run);
    expect(overallVerdict(await store.compare(expected, {}))).toBe('pass');
    expect(await content()).toEqual(before);
    await store.release([...parts.keys()], run, {});
    await store.release([...parts.keys()], run, {});
    expect(await content()).toEqual(before);
  });

  test('a restore that is repeated ends as one does, and the way back brings what was there', async () => {
    const { store, spoil, content } = await make();
    const { parts } = await backUp(store);
    await spoil();
    const spoiled = await content();
    await restore(store, { parts }, run);
    await restore(store, { parts }, run);
    await store.putBack([...parts.keys()], run, {});
    expect(await content()).toEqual(spoiled);
    await store.putBack([...parts.keys()], run, {});
    expect(await content()).toEqual(spoiled);
  });

  test('a part that breaks off is a failure, and the way back is open', async () => {
    const { store, content } = await make();
    const before = await content();
    const { parts } = await backUp(store);
    const [last = ''] = store.order([...parts.keys()]).slice(-1);
    await expect(store.restore(last, brokenOff(parts.get(last)), run, {})).rejects.toThrow('broke off');
    await store.putBack([...parts.keys()], run, {});
    expect(await content()).toEqual(before);
  });

  test('the expected set is plain data, and the order names each part once', async () => {
    const { store } = await make();
    const { expected, parts } = await backUp(store);
    expect(JSON.parse(JSON.stringify(expected))).toEqual(expected);
    const names = [...parts.keys()];
    expect(store.order(names).toSorted()).toEqual(names.toSorted());
  });
}

async function* brokenOff(bytes: Uint8Array = new Uint8Array()): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes.subarray(0, Math.floor(bytes.length / 2)));
  throw new Error('the storage broke off');
}
