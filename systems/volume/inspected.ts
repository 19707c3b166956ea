import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { extract, type Header } from 'tar-stream';
import { harmOf, type Listing } from '../../domain/volume/listing.ts';
import { Failure } from '../../domain/failures.ts';
import type { Pieces } from '../streams/pieces.ts';
import { sourceOf } from '../streams/source.ts';

type Entry = AsyncIterable<Uint8Array> & { header: Header };

/** Two blocks of zeroes end an archive. */
const endBytes = 1024;

/**
 * Passes the pieces of a tar archive on, and reads them meanwhile: `onEnd` gets what it holds. Bounded memory, however many
 * entries there are. Failures: RepositoryCorrupted (no tar, cut short, hostile entries; `what` begins the message); what the
 * pieces throw.
 */
export async function* inspected(
  pieces: Pieces,
  what: string,
  onEnd: (listing: Listing) => void,
): AsyncGenerator<Uint8Array> {
  const reader = extract();
  const reading = listEntries(reader as AsyncIterable<unknown> as AsyncIterable<Entry>, what);
  // It is awaited below, at the latest at the end.
  reading.catch(() => undefined);
  const broken = reading.then(() => new Promise<never>(() => undefined));
  broken.catch(() => undefined);
  const source = sourceOf(pieces);
  let tail = Buffer.alloc(0);
  try {
    for await (const piece of source.pieces) {
      tail = Buffer.concat([tail, piece.subarray(-endBytes)]).subarray(-endBytes);
      // Copied before it is passed on: who reads on could use its memory again.
      if (!reader.write(Buffer.from(piece))) await Promise.race([once(reader, 'drain'), broken]);
      yield piece;
    }
    reader.end(null);
    const listing = await reading;
    // The reader takes an end between two entries for that of the archive.
    if (tail.length < endBytes || tail.some((byte) => byte !== 0))
      throw refused(`${what} is damaged: its end is missing`);
    onEnd(listing);
  } catch (error) {
    throw source.explain(error, () =>
      error instanceof Failure ? error : refused(`${what} is damaged: ${wordsOf(error)}`),
    );
  } finally {
    reader.destroy();
  }
}

/** Reads an archive to its end. Failures: those of `inspected`. */
export async function listingOf(pieces: Pieces, what: string): Promise<Listing> {
  const found: Listing[] = [];
  for await (const _ of inspected(pieces, what, (listing) => found.push(listing)));
  const [listing] = found;
  if (!listing) throw new Error(`${what} ended without an end`);
  return listing;
}

async function listEntries(reader: AsyncIterable<Entry>, what: string): Promise<Listing> {
  const listing: Listing = { files: 0, folders: 0, others: 0, bytes: 0, digest: '' };
  let sum = 0n;
  try {
    for await (const entry of reader) {
      const { name: path, type: kind, linkname: target } = entry.header;
      const harm = harmOf({ path, kind, ...(typeof target === 'string' && { target }) });
      if (harm !== undefined) throw refused(`${what} is refused: ${harm}`);
      if (/^\.?\/*$/.test(path)) {
        const { uid, gid } = entry.header;
        listing.root = { uid, gid, mode: modeOf(entry.header) };
        for await (const _ of entry);
        continue;
      }
      if (kind === 'file') listing.files++;
      else if (kind === 'directory') listing.folders++;
      else listing.others++;
      listing.bytes += kind === 'file' ? entry.header.size : 0;
      // A sum does not depend on the order, and needs no list.
      sum = BigInt.asUintN(256, sum + BigInt(`0x${await digestOf(entry)}`));
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refused(`${what} is damaged: ${wordsOf(error)}`);
  }
  return { ...listing, digest: sum.toString(16).padStart(64, '0') };
}

async function digestOf(entry: Entry): Promise<string> {
  const { name, type, linkname, uid, gid, size } = entry.header;
  const parts = [name, type, linkname, modeOf(entry.header), uid, gid, size];
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for await (const piece of entry) hash.update(piece);
  return hash.digest('hex');
}

/** Engines add the kind of the entry to it. */
const modeOf = ({ mode }: Header): number => mode & 0o7777;

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason';
}

function refused(message: string): Failure {
  return new Failure('RepositoryCorrupted', {
    message,
    remedy: 'Choose another recovery point, and find out who else writes to where the backups lie',
  });
}
