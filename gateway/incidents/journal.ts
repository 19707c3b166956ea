import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../domain/failures.ts';
import { decode, encode, type Decoded } from './journal-format.ts';

/** A file that is only appended to, and now and then written anew. One writer; calls must not overlap. */
export interface Journal {
  /** Resolves when all records are on the disk; after a failure none of them is in the journal. Failure: DiskFull. */
  append(records: readonly object[]): Promise<void>;
  /** Replaces all that is in it, or leaves it as it is. Failure: DiskFull. */
  replace(records: readonly object[]): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

export interface OpenedJournal extends Decoded {
  journal: Journal;
  /** Bytes of an unfinished record that were cut off. */
  cutOff: number;
}

/** In a folder that exists. Failure: DiskFull, also for a file that may not be read or written. */
export async function openJournal(file: string): Promise<OpenedJournal> {
  const unfinished = `${file}.new`;
  let handle: FileHandle;
  let decoded: Decoded;
  let size: number;
  try {
    await rm(unfinished, { force: true });
    handle = await open(file, 'a+', 0o600);
    const bytes = await handle.readFile();
    size = bytes.length;
    decoded = decode(bytes);
    await cutTo(handle, decoded.goodBytes);
    await syncFolder(file);
  } catch (error) {
    throw unwritable(file, error);
  }
  let good = decoded.goodBytes;
  let tailIsGood = true;

  const append = async (records: readonly object[]) => {
    const bytes = Buffer.from(records.map(encode).join(''));
    try {
      if (!tailIsGood) await cutTo(handle, good);
      tailIsGood = false;
      await handle.appendFile(bytes);
      await handle.datasync();
      good += bytes.length;
      tailIsGood = true;
    } catch (error) {
      // What was written in part would stand before what comes next.
      tailIsGood = await cutTo(handle, good).then(
        () => true,
        () => false,
      );
      throw unwritable(file, error);
    }
  };

  const replace = async (records: readonly object[]) => {
    const bytes = Buffer.from(records.map(encode).join(''));
    let fresh: FileHandle | undefined;
    try {
      fresh = await open(unfinished, 'ax', 0o600);
      await fresh.appendFile(bytes);
      await fresh.sync();
      await rename(unfinished, file);
      await syncFolder(file);
    } catch (error) {
      await fresh?.close();
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw unwritable(file, error);
    }
    await handle.close();
    [handle, good, tailIsGood] = [fresh, bytes.length, true];
  };

  return {
    ...decoded,
    cutOff: size - decoded.goodBytes,
    journal: { append, replace, bytes: () => good, close: () => handle.close() },
  };
}

async function cutTo(handle: FileHandle, bytes: number): Promise<void> {
  const { size } = await handle.stat();
  if (size === bytes) return;
  await handle.truncate(bytes);
  await handle.datasync();
}

/** So that the file's name survives a power cut as well as its content. */
async function syncFolder(file: string): Promise<void> {
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function unwritable(file: string, error: unknown): Failure {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new Failure(
    'DiskFull',
    {
      message: `Incidents cannot be written to ${file}: ${code}`,
      remedy:
        code === 'ENOSPC' || code === 'EDQUOT'
          ? 'Free space on its disk; senders retry'
          : 'Give the user that runs the gateway access to it, or point REKINDLE_STATE at another folder',
    },
    { cause: error },
  );
}
