import { failed, passed } from '../../../../domain/checks.ts';
import type { StreamStore } from '../../../../systems/streams/stream-store.ts';
import { joinedText } from './sources.ts';

type Content = Record<string, string>;

export interface FakeStreamStore {
  store: StreamStore<Content>;
  /** Name → text, a part each. */
  content: Map<string, string>;
}

/** A store of texts in memory, with all that a store of streams must do. */
export function fakeStreamStore(given: Content = { one: 'the first text', two: 'the second text' }): FakeStreamStore {
  const content = new Map(Object.entries(given));
  /** By run and name: what was there; undefined: nothing was. */
  const aside = new Map<string, string | undefined>();
  const keyOf = (run: string, part: string) => `${run}\n${part}`;
  const put = (part: string, text: string | undefined) => {
    if (text === undefined) content.delete(part);
    else content.set(part, text);
  };
  const store: StreamStore<Content> = {
    check: () => Promise.resolve([passed('fake', 'it is in memory')]),
    answers: () => Promise.resolve(),
    inventory: () => Promise.resolve(Object.fromEntries([...content].map(([part, text]) => [part, text.length]))),
    async backUp(write) {
      const from = new Date().toISOString();
      const taken = [...content];
      const to = new Date().toISOString();
      for (const [part, text] of taken)
        await write({ part, compression: 'gzip', what: `the text ${part}`, pieces: once(text) });
      return { expected: Object.fromEntries(taken), moment: { from, to } };
    },
    order: (parts) => parts.toSorted(),
    async restore(part, pieces, run) {
      const key = keyOf(run, part);
      if (!aside.has(key)) aside.set(key, content.get(part));
      content.delete(part);
      content.set(part, await joinedText(pieces));
    },
    compare: (expected) =>
      Promise.resolve(
        Object.entries(expected).map(([part, text]) =>
          content.get(part) === text
            ? passed(`text ${part}`, 'as it was')
            : failed(`text ${part}`, 'another, or none', 'Restore it again'),
        ),
      ),
    putBack(parts, run) {
      for (const part of parts) {
        const key = keyOf(run, part);
        if (aside.has(key)) put(part, aside.get(key));
        aside.delete(key);
      }
      return Promise.resolve();
    },
    release(parts, run) {
      for (const part of parts) aside.delete(keyOf(run, part));
      return Promise.resolve();
    },
  };
  return { store, content };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
