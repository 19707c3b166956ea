import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { repositoryAt } from '../../domain/bases.ts';
import type { ArchivedStore } from '../../domain/archives/archive.ts';
import { directoryObjects } from '../../systems/object-storage/directory-objects.ts';
import { directoryStorage } from '../../systems/object-storage/directory.ts';
import type { ObjectStorage } from '../../systems/object-storage/object-storage.ts';
import { s3Objects, type LargeObjects } from '../../systems/object-storage/s3-objects.ts';
import { s3Storage, type S3Options } from '../../systems/object-storage/s3.ts';
import { placedInBucket, placedInFolder } from './placed-text.ts';
import { platformFileIn } from './platform-file-in.ts';

export interface RepositoryTarget {
  objects: Pick<LargeObjects, 'write'>;
  storage: Pick<ObjectStorage, 'list' | 'get'>;
  /** For people. */
  where: string;
}

/** Where an archive goes. */
export interface ImportTarget {
  catalogue: ObjectStorage;
  /** The same place, for what is too large to be held in memory. */
  parts: Pick<LargeObjects, 'write'>;
  repository: (store: Pick<ArchivedStore, 'store' | 'base'>) => RepositoryTarget;
  /** Bytes that are free there; undefined: nobody knows. */
  freeBytes: () => Promise<number | undefined>;
  /** What keeps the platform file from being written; undefined: nothing. */
  platformFileFault: (text: string) => Promise<string | undefined>;
  /** Writes the platform file with the new places in it; answers its path and what is left to do. */
  placePlatformFile: (text: string) => Promise<{ path: string; notes: string[] }>;
}

/** The folder of a store's base below a prefix, as `repositoryAt` calls it. */
function folderOf({ store, base }: Pick<ArchivedStore, 'store' | 'base'>, prefix: string): string {
  const repository = { name: '', type: 's3', settings: { base_path: `${prefix}repositories/${store}` } };
  return repositoryAt(repository, base).settings['base_path'] ?? '';
}

/** `DIR/catalogue` and `DIR/repositories/<store>`; the platform file into `platformsFolder`. */
export function folderTarget(folder: string, platformsFolder: string, platform: string): ImportTarget {
  const root = resolve(folder);
  const file = platformFileIn(platformsFolder, platform);
  const placed = (text: string) => placedInFolder(text, root);
  return {
    catalogue: directoryStorage(join(root, 'catalogue')),
    parts: directoryObjects(join(root, 'catalogue')),
    repository(store) {
      const where = join(root, folderOf(store, ''));
      return { objects: directoryObjects(where), storage: directoryStorage(where), where: `directory ${where}` };
    },
    async freeBytes() {
      // The folder may not be there yet: its nearest parent lies on the same disk.
      for (let at = root; ; at = resolve(at, '..')) {
        const found = await statfs(at).catch(() => undefined);
        if (found) return found.bavail * found.bsize;
        if (at === resolve(at, '..')) return undefined;
      }
    },
    platformFileFault: (text) => file.fault(placed(text).text),
    async placePlatformFile(text) {
      const { text: written, notes } = placed(text);
      return { path: await file.write(written), notes };
    },
  };
}

/** `prefix` ends with a slash, or is empty. */
export function bucketTarget(options: S3Options, platformsFolder: string, platform: string): ImportTarget {
  const prefix = options.prefix === '' || options.prefix.endsWith('/') ? options.prefix : `${options.prefix}/`;
  const file = platformFileIn(platformsFolder, platform);
  const placed = (text: string) => placedInBucket(text, { ...options, prefix });
  return {
    catalogue: s3Storage({ ...options, prefix: `${prefix}catalogue/` }),
    parts: s3Objects({ ...options, prefix: `${prefix}catalogue/` }),
    repository(store) {
      const place = { ...options, prefix: folderOf(store, prefix) };
      const storage = s3Storage(place);
      return { objects: s3Objects(place), storage, where: storage.description };
    },
    freeBytes: () => Promise.resolve(undefined),
    platformFileFault: (text) => file.fault(placed(text).text),
    async placePlatformFile(text) {
      const { text: written, notes } = placed(text);
      return { path: await file.write(written), notes };
    },
  };
}
