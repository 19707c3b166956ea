import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkedKey } from './object-key.ts';
import type { ObjectStorage, StoredObject } from './object-storage.ts';
import { objectStorageFailure } from './object-storage-failures.ts';

/** Unfinished writes, left by a crash, end in this; they are never listed. */
const unfinished = '.rekindle-tmp';

/**
 * Objects as files under `root`, which is created when it is missing; only their owner may read them. An object is
 * written beside its place, flushed, and renamed into it. Failure: CatalogueRefused.
 */
export function directoryStorage(root: string): ObjectStorage {
  const description = `directory ${root}`;
  const pathOf = (key: string) => join(root, ...checkedKey(key).split('/'));
  const failed = (error: unknown, doing: string) => objectStorageFailure(error, doing, description);
  return {
    description,
    async put(key, bytes) {
      const path = pathOf(key);
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeWhole(path, bytes);
      } catch (error) {
        throw failed(error, `writing ${key}`);
      }
    },
    async get(key) {
      try {
        return new Uint8Array(await readFile(pathOf(key)));
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw failed(error, `reading ${key}`);
      }
    },
    async *list(prefix, { after } = {}) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      try {
        for await (const found of filesBelow(root, folder, prefix))
          if (after === undefined || found.key > after) yield found;
      } catch (error) {
        throw failed(error, `listing ${prefix}`);
      }
    },
    async delete(key) {
      try {
        await rm(pathOf(key), { force: true });
      } catch (error) {
        if (!isAbsent(error)) throw failed(error, `deleting ${key}`);
      }
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

async function* filesBelow(root: string, folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  for (const entry of found) {
    const key = folder + entry.name;
    if (entry.isDirectory()) {
      if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* filesBelow(root, `${key}/`, prefix);
    } else if (entry.isFile() && key.startsWith(prefix) && !key.endsWith(unfinished)) {
      const size = await stat(join(root, key)).catch(() => undefined);
      if (size) yield { key, bytes: size.size };
    }
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR';
}
