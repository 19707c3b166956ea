import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { sumsEntry } from '../../domain/archives/archive.ts';
import { sumsOf } from '../../domain/recovery-points/kit.ts';
import { Failure } from '../../domain/failures.ts';
import { whileLocked } from './file-lock.ts';
import { publishParts, refuseExisting, removeTemporary, writeParts, type PartWriter } from './file-parts.ts';
import { padding, tarEnd, tarHeader } from './tar-header.ts';

/** Bytes that are gathered before they are compressed. */
const gatherBytes = 256 * 1024;

export interface ArchiveEntries {
  /** Adds an entry; `bytes` says how long its content must be. Failure: ArchiveRefused when it is not. */
  add: (name: string, bytes: number, content: AsyncIterable<Uint8Array>) => Promise<void>;
  /** The same for what is in memory. */
  addWhole: (name: string, content: Uint8Array) => Promise<void>;
}

export interface WriteOptions {
  /** Bytes of each part; absent: one file. */
  splitBytes?: number | undefined;
  /** Of all entries; ISO 8601, UTC. */
  at: string;
  /** Reads the finished files before they get their names, and throws when they are not whole. */
  verify: (files: readonly string[]) => Promise<void>;
}

/**
 * Writes an archive: what `fill` adds, and the digests of it. It has its name only when it is complete and was read back;
 * a piece at a time is in memory. Answers its files. Failures: ArchiveRefused (it is there already, or another export
 * writes it), ObjectStorageFull, and what `fill` throws; then nothing is left.
 */
export function writeArchive(
  file: string,
  { splitBytes, at, verify }: WriteOptions,
  fill: (entries: ArchiveEntries) => Promise<void>,
): Promise<string[]> {
  return whileLocked(file, async () => {
    await refuseExisting(file);
    await removeTemporary(file);
    const parts = writeParts(file, splitBytes);
    try {
      await compressed(parts, (write) => writeTar(write, at, fill));
      const written = await parts.finish();
      await verify(written);
      return await publishParts(file, written, splitBytes !== undefined);
    } catch (error) {
      await parts.discard();
      throw error;
    }
  });
}

type Write = (bytes: Uint8Array) => Promise<void>;

async function writeTar(write: Write, at: string, fill: (entries: ArchiveEntries) => Promise<void>): Promise<void> {
  const time = Math.floor(Date.parse(at) / 1000);
  const digests: Record<string, string> = {};
  async function add(name: string, bytes: number, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    await write(tarHeader(name, bytes, time));
    const hash = createHash('sha256');
    let length = 0;
    for await (const piece of content) {
      length += piece.length;
      if (length > bytes) break;
      hash.update(piece);
      await write(piece);
    }
    if (length !== bytes) throw otherLength(name, bytes);
    await write(padding(bytes));
    digests[name] = hash.digest('hex');
  }
  const entries: ArchiveEntries = { add, addWhole: (name, content) => add(name, content.length, [content]) };
  await fill(entries);
  const sums = new TextEncoder().encode(sumsOf(digests));
  await entries.addWhole(sumsEntry, sums);
  await write(tarEnd);
}

/** Compresses what `produce` writes into the parts; waits where the disk is slower. */
async function compressed(parts: PartWriter, produce: (write: Write) => Promise<void>): Promise<void> {
  const gzip = createGzip({ level: 1, chunkSize: gatherBytes });
  // What the disk said.
  const refused: { by?: Error } = {};
  // A compressor that is ended while it waits to be read never answers.
  let giveUp: (error: Error) => void = () => undefined;
  const stored = (async () => {
    for await (const piece of gzip as AsyncIterable<Uint8Array>) await parts.write(piece);
  })().catch((error: unknown) => {
    refused.by ??= error as Error;
    gzip.destroy();
    giveUp(refused.by);
  });
  const send = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      giveUp = reject;
      if (refused.by !== undefined) reject(refused.by);
      else gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  let gathered: Uint8Array[] = [];
  let length = 0;
  const flush = async () => {
    const bytes = Buffer.concat(gathered);
    [gathered, length] = [[], 0];
    if (bytes.length > 0) await send(bytes);
  };
  try {
    await produce(async (bytes) => {
      gathered.push(bytes);
      length += bytes.length;
      if (length >= gatherBytes) await flush();
    });
    await flush();
    gzip.end();
    await stored;
  } catch (error) {
    gzip.destroy();
    await stored;
    // That the disk is full is the reason; that the compressor was ended only follows from it.
    throw refused.by instanceof Failure ? refused.by : error;
  }
  if (refused.by !== undefined) throw refused.by;
}

function otherLength(name: string, bytes: number): Failure {
  return new Failure('ArchiveRefused', {
    message: `What was to become ${name} does not have the ${bytes} bytes that it should have`,
    remedy: 'Export again: it was changed meanwhile; "rekindle scrub" says whether the backup is good',
  });
}
