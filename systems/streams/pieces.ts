import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';

/**
 * Bytes in pieces of any size. One rule holds for all of them: when the source fails, the iterator throws, and its end is the
 * end of the data. So nobody can take half of something for all of it.
 */
export type Pieces = AsyncIterable<Uint8Array>;

/** What went through: complete only when the pieces have ended. */
export interface Sum {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Passes the pieces on and calls `onEnd` with their sum, when they ended without a failure. */
export async function* summed(pieces: Pieces, onEnd: (sum: Sum) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    yield piece;
  }
  onEnd({ bytes, sha256: hash.digest('hex') });
}

export function gzipped(pieces: Pieces): Pieces {
  // Level 1: dumps are many and large, and each further level costs more time than it saves in bytes.
  return through(pieces, createGzip({ level: 1 }));
}

/** Fails when the pieces are not, or not to their end, in gzip's format. */
export function gunzipped(pieces: Pieces): Pieces {
  return through(pieces, createGunzip());
}

async function* through(pieces: Pieces, transform: ReturnType<typeof createGzip>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(pieces, { objectMode: false });
  // `pipe` passes no failures on.
  source.on('error', (error) => transform.destroy(error));
  try {
    yield* source.pipe(transform) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    transform.destroy();
  }
}

/** All of them as one text; for what is known to be short. */
export async function textOf(pieces: Pieces): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString('utf8');
}
