import type { FilePart } from './snapshot-files.ts';

/** Parts up to this size are fetched ahead: of many small files, waiting for each would take most of the time. */
const smallBytes = 1024 * 1024;
const mostAhead = 16;

/** The same parts in the same order, with up to 16 small ones fetched before it is their turn: 16 MB at most. */
export async function* withSmallAhead(parts: AsyncIterable<FilePart>): AsyncGenerator<FilePart, void> {
  const source = parts[Symbol.asyncIterator]();
  const ahead: (Pick<FilePart, 'key' | 'bytes'> & { fetched: Promise<Uint8Array[]> })[] = [];
  const flush = function* (left: number): Generator<FilePart, void> {
    while (ahead.length > left) {
      const next = ahead.shift();
      if (next) yield { key: next.key, bytes: next.bytes, alone: true, content: once(next.fetched) };
    }
  };
  for (;;) {
    const next = await source.next();
    if (next.done === true) break;
    const { key, bytes, alone, content } = next.value;
    if (bytes > smallBytes || !alone) {
      yield* flush(0);
      yield next.value;
      continue;
    }
    const fetched = gathered(content);
    // Its failure is met when it is its turn.
    fetched.catch(() => undefined);
    ahead.push({ key, bytes, fetched });
    yield* flush(mostAhead - 1);
  }
  yield* flush(0);
}

async function gathered(content: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return pieces;
}

async function* once(pieces: Promise<Uint8Array[]>): AsyncGenerator<Uint8Array> {
  yield* await pieces;
}
