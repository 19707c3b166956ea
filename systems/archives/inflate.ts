import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TarFault } from './read-tar.ts';

/** What real data is compressed to stays far from both; gzip itself reaches 1,000. */
const mostRatio = 300;
const freeBytes = 256 * 1024 * 1024;

/** Decompresses; what expands out of all proportion is refused. Failures: TarFault, and what the pieces throw. */
export async function* inflate(
  pieces: AsyncIterable<Uint8Array>,
  { ratio = mostRatio, free = freeBytes } = {},
): AsyncGenerator<Uint8Array, void> {
  let [taken, given] = [0, 0];
  let broken: unknown;
  async function* counted() {
    try {
      for await (const piece of pieces) {
        taken += piece.length;
        yield piece;
      }
    } catch (error) {
      broken = error;
      throw error;
    }
  }
  const gunzip = createGunzip();
  const source = Readable.from(counted(), { objectMode: true, highWaterMark: 1 });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      given += piece.length;
      if (given > free && given > taken * ratio)
        throw new TarFault(`it expands to more than ${ratio} times its size, which no backup does`);
      yield piece;
    }
    if (taken === 0) throw new TarFault('it is empty');
  } catch (error) {
    throw broken ?? faultOf(error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function faultOf(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new TarFault('it is cut off');
  if (typeof code === 'string' && code.startsWith('Z_'))
    return new TarFault('it is damaged, or was not compressed by gzip');
  return error;
}
