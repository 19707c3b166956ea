import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolders } from '../make-folders.ts';
import { directoryFailure } from './directory-failures.ts';
import { checkedKey } from './object-key.ts';
import type { LargeObjects } from './s3-objects.ts';

/**
 * The files of the same directory as `directoryStorage` has it, for what is large. A file gets its name when it is complete
 * and what was wanted. Failures: those of `directoryStorage`, and what the pieces throw.
 */
export function directoryObjects(root: string): Pick<LargeObjects, 'read' | 'write'> {
  const where = `directory ${root}`;
  const pathOf = (key: string) => join(root, ...checkedKey(key).split('/'));
  return {
    async read(key, { signal } = {}) {
      try {
        const file = await open(pathOf(key));
        return createReadStream('', { fd: file, ...(signal && { signal }) }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
        throw directoryFailure(error, `Reading ${key}`, where);
      }
    },
    async write(key, pieces, wanted) {
      const path = pathOf(key);
      const temporary = join(dirname(path), `.${randomUUID()}.rekindle-tmp`);
      const found = { bytes: 0, crc: 0 };
      const doing = `Writing ${key}`;
      const file = await makeFolders(dirname(path))
        .then(() => open(temporary, 'wx', 0o600))
        .catch((error: unknown) => Promise.reject(directoryFailure(error, doing, where)));
      try {
        for await (const piece of pieces) {
          found.bytes += piece.length;
          found.crc = crc32(piece, found.crc);
          if (found.bytes > wanted.bytes) break;
          await file.writeFile(piece).catch((error: unknown) => Promise.reject(directoryFailure(error, doing, where)));
        }
        const isWanted = found.bytes === wanted.bytes && found.crc === wanted.crc;
        if (isWanted) {
          await file.sync();
          await rename(temporary, path);
        }
        return isWanted;
      } finally {
        await file.close();
        await rm(temporary, { force: true });
      }
    },
  };
}
