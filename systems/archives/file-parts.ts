import { createReadStream } from 'node:fs';
import { link, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../domain/failures.ts';

/** `FILE.tgz.001`, `FILE.tgz.002`: `cat FILE.tgz.*` is the archive. */
export const partName = (file: string, number: number): string => `${file}.${String(number).padStart(3, '0')}`;

/** More would sort otherwise than they are counted. */
const mostParts = 999;

export interface PartWriter {
  write: (piece: Uint8Array) => Promise<void>;
  /** Flushes the last part; answers the temporary files, in order. */
  finish: () => Promise<string[]>;
  /** Closes and removes everything. */
  discard: () => Promise<void>;
}

/** Writes one file, or parts of `splitBytes`, under temporary names beside `file`. Failure: ArchiveRefused. */
export function writeParts(file: string, splitBytes: number | undefined): PartWriter {
  const files: string[] = [];
  const most = splitBytes ?? Infinity;
  let handle: FileHandle | undefined;
  let written = 0;
  async function close(): Promise<void> {
    const open = handle;
    handle = undefined;
    if (open === undefined) return;
    try {
      await open.sync();
    } finally {
      await open.close();
    }
  }
  async function nextPart(): Promise<FileHandle> {
    await close();
    if (files.length === mostParts)
      throw new Failure('ArchiveRefused', {
        message: `${file} would have more than ${mostParts} parts`,
        remedy: 'Give a larger size with --split',
      });
    const name = temporaryName(file, files.length + 1);
    handle = await open(name, 'wx', 0o600);
    files.push(name);
    written = 0;
    return handle;
  }
  return {
    async write(piece) {
      try {
        for (let at = 0; at < piece.length;) {
          const target = handle === undefined || written === most ? await nextPart() : handle;
          const { bytesWritten } = await target.write(piece.subarray(at, at + most - written));
          written += bytesWritten;
          at += bytesWritten;
        }
      } catch (error) {
        throw cannotWrite(file, error);
      }
    },
    async finish() {
      await close().catch((error: unknown) => Promise.reject(cannotWrite(file, error)));
      return files;
    },
    async discard() {
      await close().catch(() => undefined);
      for (const name of files) await rm(name, { force: true });
    },
  };
}

const temporaryName = (file: string, number: number) =>
  join(dirname(file), `.${basename(file)}.${String(number).padStart(3, '0')}.rekindle-tmp`);

/** Removes what an export that died left; only whoever holds the file's lock may. */
export async function removeTemporary(file: string): Promise<void> {
  const start = `.${basename(file)}.`;
  for (const name of await readdir(dirname(file)))
    if (name.startsWith(start) && /^\d{3}\.rekindle-tmp$/.test(name.slice(start.length)))
      await rm(join(dirname(file), name), { force: true });
}

/**
 * Gives finished parts their names; never in place of a file that is there. The first one gets its name last, since without
 * it there is no archive. Failure: ArchiveRefused.
 */
export async function publishParts(file: string, temporary: readonly string[], split: boolean): Promise<string[]> {
  const names = temporary.map((_, index) => (split ? partName(file, index + 1) : file));
  const published: string[] = [];
  try {
    for (const [index, from] of [...temporary.entries()].toReversed()) {
      const to = names[index] ?? file;
      await nameNew(from, to);
      published.push(to);
    }
  } catch (error) {
    for (const name of published) await rm(name, { force: true });
    throw error;
  }
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return names;
}

/** A rename that replaces nothing. */
async function nameNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from, { force: true });
  } catch (error) {
    // Some file systems have no hard links: there a rename must do.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await isThere(to))) throw exists(to);
    await rename(from, to).catch((again: unknown) => Promise.reject(cannotWrite(to, again)));
  }
}

/** Failure: ArchiveRefused when the archive, or a part of one, is there already. */
export async function refuseExisting(file: string): Promise<void> {
  const start = basename(file);
  // Also a part that another archive of this name left: it would be read as one of this.
  const isPart = (name: string) => name.startsWith(start) && /^(\.\d{3})?$/.test(name.slice(start.length));
  const present = (await readdir(dirname(file))).toSorted().find(isPart);
  if (present !== undefined) throw exists(join(dirname(file), present));
}

/** The files of an archive, in order: one, or its parts. Failure: ArchiveRefused when there is none. */
export async function partsOf(file: string): Promise<string[]> {
  if (await isThere(file)) return /\.001$/.test(file) ? partsOf(file.slice(0, -4)) : [file];
  const parts: string[] = [];
  while (await isThere(partName(file, parts.length + 1))) parts.push(partName(file, parts.length + 1));
  if (parts.length > 0) return parts;
  throw new Failure('ArchiveRefused', {
    message: `There is no archive ${file}, nor its first part ${partName(file, 1)}`,
    remedy: 'Name the file, or the parts by their common name: FILE.tgz for FILE.tgz.001, FILE.tgz.002, …',
  });
}

/** One after the other. */
export async function* readParts(parts: readonly string[]): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) {
    try {
      yield* createReadStream(part, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
    } catch (error) {
      const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
      throw new Failure(
        'ArchiveRefused',
        { message: `${part} cannot be read: ${code}`, remedy: 'Give access to the file, or copy it again' },
        { cause: error },
      );
    }
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function exists(path: string): Failure {
  return new Failure('ArchiveRefused', {
    message: `${path} exists already, and no archive is replaced`,
    remedy: 'Name another file with -o, or move that one away',
  });
}

export function cannotWrite(file: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new Failure(
    full ? 'ObjectStorageFull' : 'ArchiveRefused',
    {
      message: `${file} cannot be written: ${code}`,
      remedy: full
        ? 'Free space there, or name a file elsewhere with -o'
        : 'Name a file in a folder that can be written',
    },
    { cause: error },
  );
}
