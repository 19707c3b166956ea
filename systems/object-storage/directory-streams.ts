import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../make-folders.ts';
import { sourceOf } from '../streams/source.ts';
import { directoryFailure } from './directory-failures.ts';
import { inTime, unfinished } from './directory.ts';
import { checkedKey } from './object-key.ts';
import type { StreamStorage } from './stream-storage.ts';

/** The same directory as `directoryStorage` has it, for objects of any size. Failures: those of `directoryStorage`. */
export function directoryStreams(root: string, { silenceSeconds = 30 } = {}): StreamStorage {
  const description = `directory ${root}`;
  const pathOf = (key: string) => join(root, ...checkedKey(key).split('/'));
  const timed = <T>(work: () => Promise<T>): Promise<T> => inTime(silenceSeconds, work);
  return {
    description,
    async write(key, pieces, { signal } = {}) {
      const source = sourceOf(pieces);
      try {
        await timed(() => makeFolders(dirname(pathOf(key))));
        await writeBeside(pathOf(key), source.pieces, { timed, signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw source.explain(error, () => directoryFailure(error, `Writing ${key}`, description));
      }
    },
    async read(key, { signal } = {}) {
      try {
        const file = await timed(() => open(pathOf(key), 'r'));
        return piecesOf(file, (error) => directoryFailure(error, `Reading ${key}`, description), signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw directoryFailure(error, `Reading ${key}`, description);
      }
    },
    async abandon(folder) {
      const path = pathOf(folder.replace(/\/$/, ''));
      try {
        const names = await timed(() => readdir(path)).catch(noneIfAbsent);
        const dead = names.filter((name) => name.endsWith(unfinished));
        for (const name of dead) await timed(() => rm(join(path, name), { force: true }));
        return dead.length;
      } catch (error) {
        throw directoryFailure(error, `Clearing ${folder}`, description);
      }
    },
  };
}

interface Writing {
  timed: <T>(work: () => Promise<T>) => Promise<T>;
  signal: AbortSignal | undefined;
}

/** Next to its place, flushed, then renamed into it: what is under the name is always complete. */
async function writeBeside(path: string, pieces: AsyncIterable<Uint8Array>, { timed, signal }: Writing): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 150)}.${randomUUID()}${unfinished}`);
  try {
    const file = await timed(() => open(temporary, 'wx', 0o600));
    try {
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        await timed(() => writeAll(file, piece));
      }
      await timed(() => file.sync());
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await timed(() => rename(temporary, path));
  } catch (error) {
    await timed(() => rm(temporary, { force: true })).catch(() => undefined);
    throw error;
  }
  await timed(() => flushFolder(dirname(path)));
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten;
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function* piecesOf(
  file: FileHandle,
  failed: (error: unknown) => Error,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const stream = file.createReadStream({ highWaterMark: 256 * 1024, ...(signal && { signal }) });
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(error);
  } finally {
    stream.destroy();
  }
}

function noneIfAbsent(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
