import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { Failure } from '../../domain/failures.ts';
import { cannotWrite } from './file-parts.ts';

/** Milliseconds. Whoever writes an archive says so every `beat`; who has not for `staleAfter` has died. */
const beat = 5000;
const staleAfter = 60_000;

/**
 * Does `work` while nobody else writes the archive `file`: a lock file beside it says so, also to other containers, where
 * process ids mean nothing. That of a process that died is taken over after a minute. Failure: ArchiveRefused.
 */
export async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.rekindle-lock`;
  await take(lock, file);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, beat);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await rm(lock, { force: true });
  }
}

async function take(lock: string, file: string): Promise<void> {
  if (await created(lock, file)) return;
  if ((await removeStale(lock)) && (await created(lock, file))) return;
  throw new Failure('ArchiveRefused', {
    message: `Another export writes ${file} now`,
    remedy: `Wait for it, or name another file with -o; when it has died, its ${lock} is taken over after a minute`,
  });
}

/** By a rename, which only one of several can do; what turns out to be a fresh lock is put back. Answers whether it is gone. */
async function removeStale(lock: string): Promise<boolean> {
  if (!(await isStale(lock))) return false;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return false;
  }
  const wasStale = await isStale(aside);
  if (!wasStale) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
  return wasStale;
}

async function isStale(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleAfter;
}

async function created(lock: string, file: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(file, error);
  }
}
