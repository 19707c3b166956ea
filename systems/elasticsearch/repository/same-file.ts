import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import { contentOf } from './checked-file.ts';
import type { RepositoryFile } from './repository-files.ts';
import type { RepositoryIndex } from './repository-index.ts';
import { readShardList } from './shard-files.ts';

/**
 * The files of another repository that are, by its own list of the shard, the same as this one: of the same index and shard,
 * with Lucene's name, length and checksum. It calls them otherwise, and may hold them in other parts. Empty: there is none,
 * or its list cannot be read. Failures: those of the storage.
 */
export async function sameFilesIn(
  storage: Pick<ObjectStorage, 'get'>,
  repository: RepositoryIndex,
  file: RepositoryFile,
): Promise<RepositoryFile[]> {
  const { content, index = '', shard, bytes } = file;
  // Without a checksum nobody can tell that it is the same.
  if (content.kind !== 'data' || content.checksum === undefined || shard === undefined) return [];
  const entry = repository.indices[index];
  const generation = entry?.shardGenerations?.[shard];
  if (entry === undefined || typeof generation !== 'string') return [];
  const folder = `indices/${entry.id}/${shard}/`;
  const list = await storage.get(`${folder}index-${generation}`);
  const files = list === undefined ? [] : filesOf(list);
  return files
    .filter(({ physicalName, checksum }) => physicalName === content.physicalName && checksum === content.checksum)
    .map(({ name, blobs }) => ({
      ...file,
      key: folder + name,
      parts: blobs.map((blob) => ({ key: folder + blob.name, bytes: blob.bytes })),
    }))
    .filter(({ parts }) => parts.reduce((sum, part) => sum + part.bytes, 0) === bytes);
}

function filesOf(bytes: Uint8Array) {
  try {
    return readShardList(contentOf(bytes, 'snapshots')).files;
  } catch {
    return [];
  }
}
