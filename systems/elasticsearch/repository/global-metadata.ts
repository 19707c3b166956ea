import { crc32 } from 'node:zlib';
import type { SnapshotName } from '../../../domain/platform.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import { contentOf } from './checked-file.ts';
import { readRepositoryIndex } from './repository-index.ts';

/**
 * CRC-32 of the file with a snapshot's global metadata. Undefined: the snapshot is not listed, or the file is missing or
 * damaged, which a scrub finds. Failures: RepositoryCorrupted; those of the storage.
 */
export async function globalMetadataCrc(
  storage: Pick<ObjectStorage, 'list' | 'get' | 'description'>,
  snapshot: SnapshotName,
): Promise<number | undefined> {
  const { snapshots } = await readRepositoryIndex(storage);
  const uuid = snapshots.find(({ name }) => name === snapshot)?.uuid;
  const bytes = uuid === undefined ? undefined : await storage.get(`meta-${uuid}.dat`);
  if (bytes === undefined) return undefined;
  try {
    contentOf(bytes, 'metadata');
    return crc32(bytes);
  } catch {
    return undefined;
  }
}
