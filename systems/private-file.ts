import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { dirname } from 'node:path';
import { Failure } from '../domain/failures.ts';
import { makeFolders } from './make-folders.ts';

/** Whole or not at all, also after a crash; only its owner may read it. Failure: InvalidArgument when it cannot be written. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await makeFolders(dirname(path));
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/** Milliseconds. The work under a lock writes a few kilobytes: who holds it for longer than `staleAfter` has died. */
const staleAfter = 10_000;
const pollEvery = 15;

/**
 * Does `work` while no other process does anything under the same lock, which is a file: process ids mean nothing between
 * containers that share the folder. The lock of a process that died is taken over after 10 s.
 * Failure: InvalidArgument when the lock cannot be written.
 */
export async function withFileLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await makeFolders(dirname(lock)).catch((error: unknown) => {
    throw unwritable(lock, error);
  });
  while (!(await taken(lock))) {
    await removeStale(lock);
    await pause(pollEvery);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(lock, error);
  }
}

/** By a rename, which only one of several that wait can do; what turns out to be a fresh lock is put back. */
async function removeStale(lock: string): Promise<void> {
  if (!(await isStale(lock))) return;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if (!(await isStale(aside))) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isStale(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleAfter;
}

export function unwritable(path: string, error: unknown): Failure {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new Failure(
    'InvalidArgument',
    {
      message: `The file ${path} cannot be written: ${code}`,
      remedy:
        code === 'ENOSPC'
          ? 'Free space on its disk'
          : 'Give the user that runs Rekindle access to its folder, or point REKINDLE_STATE at another',
    },
    { cause: error },
  );
}
