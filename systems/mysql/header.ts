import { Failure } from '../../domain/failures.ts';
import type { Pieces } from '../streams/pieces.ts';

// The first line of each part says what is in it: a comment to MySQL, so that a part can be restored by hand as it is.

const start = '-- Rekindle: ';

/** Names of databases, or of users, are few. */
const mostBytes = 16 * 1024 * 1024;

export const headerOf = (names: readonly string[]): Buffer => Buffer.from(`${start}${JSON.stringify(names)}\n`);

/** The names of the first line, and all pieces with it. Failures: RepositoryCorrupted; those of the pieces. */
export async function readHeader(pieces: Pieces): Promise<{ names: string[]; pieces: Pieces }> {
  const iterator = pieces[Symbol.asyncIterator]();
  let text = Buffer.alloc(0);
  while (!text.includes('\n') && text.length < mostBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    text = Buffer.concat([text, next.value]);
  }
  const names = namesOf(text.subarray(0, Math.max(text.indexOf('\n'), 0)).toString('utf8'));
  if (names === undefined) {
    await iterator.return?.();
    throw new Failure('RepositoryCorrupted', {
      message: 'A part of a MySQL store does not begin with a line that says what is in it',
      remedy: 'Choose another recovery point',
    });
  }
  return { names, pieces: joined(text, iterator) };
}

function namesOf(line: string): string[] | undefined {
  if (!line.startsWith(start)) return undefined;
  try {
    const names: unknown = JSON.parse(line.slice(start.length));
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
  } catch {
    return undefined;
  }
}

async function* joined(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ended = false;
  try {
    yield first;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!ended) await iterator.return?.();
  }
}
