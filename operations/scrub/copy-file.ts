import { crc32 } from 'node:zlib';
import { readRepositoryFile } from '../../systems/elasticsearch/repository/read-file.ts';
import type { RepositoryFile } from '../../systems/elasticsearch/repository/repository-files.ts';
import type { LargeObjects } from '../../systems/object-storage/s3-objects.ts';
import type { WantedContent } from '../../systems/object-storage/write-pieces.ts';

/** A repository's file as another one holds it. */
export interface CopySource {
  objects: Pick<LargeObjects, 'read'>;
  file: RepositoryFile;
}

/**
 * Writes a file's parts anew from its copy, those that are not what they must be. The copy is read first, as a whole, and
 * compared with the checksum that the repository keeps of the file and with what it was when it was read before (`known`);
 * read again while it is written, each part must be what it was then. Answers its CRC-32; undefined: the copy is not good,
 * and nothing was written.
 */
export async function copyFile(
  target: Pick<LargeObjects, 'read' | 'write'>,
  { parts }: RepositoryFile,
  source: CopySource,
  { known, signal }: { known?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<number | undefined> {
  const sums = partSums(parts.map(({ bytes }) => bytes));
  const watched: CopySource['objects'] = {
    async read(key, options) {
      const pieces = await source.objects.read(key, options);
      return pieces && tapped(pieces, sums.add);
    },
  };
  const { crc, fault } = await readRepositoryFile(watched, source.file, { signal });
  if (fault !== undefined || (known !== undefined && crc !== known)) return undefined;
  const wanted = sums.end();
  const stream = cut(piecesOf(source, signal), wanted);
  for (const [place, { key }] of parts.entries()) {
    const part = wanted[place] ?? { bytes: 0, crc: 0 };
    const pieces = stream.next();
    if (await isAlready(target, key, part, signal)) await drain(pieces);
    // It changed between two readings: it is somebody's living file.
    else if (!(await target.write(key, pieces, part))) return undefined;
  }
  return crc;
}

async function* piecesOf(
  { objects, file }: CopySource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  for (const { key } of file.parts) {
    const pieces = await objects.read(key, signal && { signal });
    if (pieces) yield* pieces;
  }
}

async function* tapped(pieces: AsyncIterable<Uint8Array>, add: (piece: Uint8Array) => void) {
  for await (const piece of pieces) {
    add(piece);
    yield piece;
  }
}

/** Length and CRC-32 of each part of what comes in pieces. `sizes`: of the parts; an unknown one takes all that is left. */
function partSums(sizes: readonly (number | undefined)[]) {
  const sums = sizes.map((): WantedContent => ({ bytes: 0, crc: 0 }));
  let place = 0;
  return {
    add: (piece: Uint8Array): void => {
      for (let at = 0; at < piece.length;) {
        while (place < sizes.length - 1 && (sums[place]?.bytes ?? 0) >= (sizes[place] ?? Infinity)) place += 1;
        const sum = sums[place];
        if (sum === undefined) return;
        const last = place === sizes.length - 1;
        const part = piece.subarray(at, last ? undefined : at + (sizes[place] ?? Infinity) - sum.bytes);
        sum.bytes += part.length;
        sum.crc = crc32(part, sum.crc);
        at += part.length;
      }
    },
    end: () => sums,
  };
}

/** One stream as one after another of these lengths; each must be read to its end before the next. */
function cut(pieces: AsyncGenerator<Uint8Array, void>, lengths: readonly WantedContent[]) {
  let rest: Uint8Array = new Uint8Array();
  let place = 0;
  async function* take(length: number): AsyncGenerator<Uint8Array> {
    let left = length;
    while (left > 0) {
      if (rest.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return;
        rest = next.value;
      }
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
  return { next: () => take(lengths[place++]?.bytes ?? 0) };
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of pieces);
}

async function isAlready(
  { read }: Pick<LargeObjects, 'read'>,
  key: string,
  wanted: WantedContent,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const pieces = await read(key, signal && { signal });
  if (pieces === undefined) return false;
  const found = { bytes: 0, crc: 0 };
  for await (const piece of pieces) {
    found.bytes += piece.length;
    found.crc = crc32(piece, found.crc);
  }
  return found.bytes === wanted.bytes && found.crc === wanted.crc;
}
