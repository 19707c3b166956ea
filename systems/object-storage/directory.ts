import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withDeadline } from '../deadline.ts';
import { makeFolders } from '../make-folders.ts';
import { directoryFailure } from './directory-failures.ts';
import { checkedKey } from './object-key.ts';
import type { ObjectStorage, StoredObject } from './object-storage.ts';

/** Unfinished writes, left by a crash, end in this; they are never listed. */
export const unfinished = '.rekindle-tmp';

/**
 * Objects as files under `root`, which is made when it is missing, also by a read: that it is empty is an answer only
 * where it can be there. Only its owner may read the files. An object is written beside its place, flushed, and renamed
 * into it. A file system that is silent for `silenceSeconds` (a network file system whose server is away) is out of
 * reach. Failures: CatalogueRefused, ObjectStorageFull, ObjectStorageUnreachable.
 */
export function directoryStorage(root: string, { silenceSeconds = 30 } = {}): ObjectStorage {
  const description = `directory ${root}`;
  const pathOf = (key: string) => join(root, ...checkedKey(key).split('/'));
  /** Undefined when what was wanted is not there, though the directory is. */
  async function tried<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await inTime(silenceSeconds, work);
    } catch (error) {
      const cause = isAbsent(error) ? await inTime(silenceSeconds, () => whyMissing(root)).catch(asIs) : error;
      if (cause === undefined) return undefined;
      throw directoryFailure(cause, doing, description);
    }
  }
  return {
    description,
    async put(key, bytes) {
      const path = pathOf(key);
      try {
        await inTime(silenceSeconds, () => makeFolders(dirname(path)));
        await inTime(silenceSeconds, () => writeWhole(path, bytes));
      } catch (error) {
        throw directoryFailure(error, `Writing ${key}`, description);
      }
    },
    async get(key) {
      const path = pathOf(key);
      return tried(`Reading ${key}`, async () => new Uint8Array(await readFile(path)));
    },
    async *list(prefix, { after } = {}) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const look = <T>(work: () => Promise<T>) => tried(`Listing ${prefix}`, work);
      yield* filesBelow(root, folder, { prefix, after, look });
    },
    async delete(key) {
      const path = pathOf(key);
      await tried(`Deleting ${key}`, () => rm(path));
    },
  };
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}${unfinished}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

interface Wanted {
  prefix: string;
  after: string | undefined;
  /** Undefined: what was to be looked at is not there. */
  look: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}

async function* filesBelow(root: string, folder: string, wanted: Wanted): AsyncGenerator<StoredObject> {
  const { prefix, after, look } = wanted;
  const entries = (await look(() => readdir(join(root, folder), { withFileTypes: true }))) ?? [];
  const isBehind = (key: string) => after === undefined || key > after;
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    const key = folder + entry.name;
    if (entry.isDirectory()) folders.push(`${key}/`);
    else if (isBehind(key) && key.startsWith(prefix) && entry.isFile() && !key.endsWith(unfinished)) files.push(key);
  }
  // One deadline for all of a folder: there may be tens of thousands.
  const sizes = files.length === 0 ? [] : ((await look(() => sizesOf(root, files))) ?? []);
  for (const [index, key] of files.entries()) {
    const bytes = sizes[index];
    if (bytes !== undefined) yield { key, bytes };
  }
  for (const inner of folders) {
    if (!(inner.startsWith(prefix) || prefix.startsWith(inner))) continue;
    // Nothing in a folder whose name sorts before `after` sorts behind it, but where `after` itself lies.
    if (isBehind(inner) || after?.startsWith(inner)) yield* filesBelow(root, inner, wanted);
  }
}

/** Undefined: deleted meanwhile. */
function sizesOf(root: string, keys: readonly string[]): Promise<(number | undefined)[]> {
  return Promise.all(
    keys.map((key) =>
      stat(join(root, key)).then(
        ({ size }) => size,
        (error: unknown) => (isAbsent(error) ? undefined : Promise.reject(error as Error)),
      ),
    ),
  );
}

/** Calls to a file system that does not answer cannot be ended, only left behind. */
export function inTime<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  return withDeadline(seconds * 1000, undefined, (signal) =>
    Promise.race([
      work(),
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ]),
  );
}

/** Undefined: the directory is there, so that what was looked for is missing in it. */
async function whyMissing(root: string): Promise<undefined> {
  await makeFolders(root);
}

const asIs = (error: unknown) => error;

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ERR_FS_EISDIR';
}
