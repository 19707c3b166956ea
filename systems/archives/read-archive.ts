import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ArchiveForm } from '../../domain/archives/archive-form.ts';
import { shown } from '../../domain/archives/shown.ts';
import { Failure } from '../../domain/failures.ts';
import { sumsOf } from '../../domain/recovery-points/kit.ts';
import type { WantedContent } from '../object-storage/write-pieces.ts';
import { readParts } from './file-parts.ts';
import { inflate } from './inflate.ts';
import { readTar, TarFault } from './read-tar.ts';

export interface OpenEntry<Place> {
  name: string;
  bytes: number;
  place: Place;
  /** Need not be read. */
  content: AsyncIterable<Uint8Array>;
}

/** What a whole archive holds: length, CRC-32 and SHA-256 of each entry, by its name. */
export interface ArchiveContent<Header> {
  header: Header;
  entries: Map<string, WantedContent & { sha256: string }>;
  /** Of all entries. */
  bytes: number;
}

/**
 * Reads an archive from its first byte to its last and judges all of it. `visit` gets each entry before anybody knows
 * whether the archive is whole: nothing may be kept of it before this function has answered. Failure: ArchiveRefused.
 */
export async function readArchive<Header, Place extends { kind: string }>(
  files: readonly string[],
  form: ArchiveForm<Header, Place>,
  visit: (entry: OpenEntry<Place>) => Promise<void> = () => Promise.resolve(),
): Promise<ArchiveContent<Header>> {
  const named = files.length === 1 ? (files[0] ?? '') : `${files[0] ?? ''} (${files.length} parts)`;
  try {
    return await read(files, form, visit);
  } catch (error) {
    if (!(error instanceof TarFault)) throw error;
    throw new Failure(
      'ArchiveRefused',
      {
        message: `The archive ${named} is refused: ${error.message}`,
        remedy: 'Copy it again from where it was exported to, with all its parts, or export the point again',
      },
      { cause: error },
    );
  }
}

async function read<Header, Place extends { kind: string }>(
  files: readonly string[],
  { headerEntry, readHeader, checker: openChecker }: ArchiveForm<Header, Place>,
  visit: (entry: OpenEntry<Place>) => Promise<void>,
): Promise<ArchiveContent<Header>> {
  const checker = openChecker();
  const entries: ArchiveContent<Header>['entries'] = new Map();
  let header: Header | undefined;
  let total = 0;
  let sums: string | undefined;
  for await (const { name, bytes, content } of readTar(inflate(readParts(files)))) {
    const place = checker.admit({ name, bytes }, header);
    if (typeof place === 'string') throw new TarFault(place);
    const sum = summed(content);
    if (place.kind === 'header') header = headerOf(readHeader(await textOf(sum.pieces)));
    else if (place.kind === 'sums') sums = await textOf(sum.pieces);
    else await visit({ name, bytes, place, content: sum.pieces });
    // What the visitor left is read as well: its digest counts.
    for await (const _ of sum.pieces);
    if (place.kind === 'sums') continue;
    entries.set(name, { bytes, ...sum.end() });
    total += bytes;
  }
  if (header === undefined) throw new TarFault(`it does not begin with ${headerEntry}`);
  const missing = checker.end(header);
  if (missing !== undefined) throw new TarFault(missing);
  assertSums(sums ?? '', entries);
  return { header, entries, bytes: total };
}

function headerOf<Header>(header: Header | string): Header {
  if (typeof header === 'string') throw new TarFault(header);
  return header;
}

function assertSums(text: string, entries: ArchiveContent<unknown>['entries']): void {
  const digests = Object.fromEntries([...entries].map(([name, { sha256 }]) => [name, sha256]));
  if (text === sumsOf(digests)) return;
  const listed = new Map(text.split('\n').map((line) => [line.slice(66), line.slice(0, 64)]));
  const other = [...entries].find(([name, { sha256 }]) => listed.get(name) !== sha256)?.[0];
  throw new TarFault(
    other === undefined
      ? 'its digests are not those of its entries'
      : `the digest of ${shown(other)} does not match its content`,
  );
}

/** One pass over the pieces, whoever reads them; what is left can be read on. */
function summed(content: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256');
  let crc = 0;
  const source = content[Symbol.asyncIterator]();
  const pieces: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const piece = await source.next();
        if (piece.done !== true) {
          hash.update(piece.value);
          crc = crc32(piece.value, crc);
        }
        return piece;
      },
    }),
  };
  return { pieces, end: () => ({ crc, sha256: hash.digest('hex') }) };
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString('utf8');
}

export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}
