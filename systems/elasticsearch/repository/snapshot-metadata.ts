import pLimit from 'p-limit';
import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import { contentOf, type FileKind } from './checked-file.ts';
import type { RepositoryIndex } from './repository-index.ts';

/** Files that are read at a time. */
const together = 16;

export interface MetadataObservation {
  /** Files that were read. */
  files: number;
  /** `<what>: <key> is not there`, or what is wrong with it. */
  faults: string[];
}

interface MetadataFile {
  what: string;
  key: string;
  kind: FileKind;
}

/**
 * Reads every metadata file that a restore of the snapshot reads beside those of its shards, and each shard's newest list,
 * without which no later snapshot succeeds; and compares them with their checksums. The snapshot must be listed in
 * `repository`.
 */
export async function observeMetadata(
  storage: Pick<ObjectStorage, 'get'>,
  repository: RepositoryIndex,
  snapshot: SnapshotName,
  expected: readonly { name: IndexName }[],
  { signal }: Watch = {},
): Promise<MetadataObservation> {
  const files = metadataFiles(repository, snapshot, expected);
  const limit = pLimit(together);
  const faults = await limit.map(files, async ({ what, key, kind }) => {
    signal?.throwIfAborted();
    const file = await storage.get(key);
    if (file === undefined) return [`${what}: ${key} is not there`];
    try {
      contentOf(file, kind);
      return [];
    } catch (error) {
      return [`${what}: ${key} is damaged: ${(error as Error).message}`];
    }
  });
  return { files: files.length, faults: faults.flat().toSorted() };
}

/**
 * Elasticsearch's words for a shard without a list of its snapshots (`ShardGenerations` in its sources). Every other
 * generation is random, and may begin with `_` as well.
 */
const withoutList = new Set(['_new', '_deleted']);

function metadataFiles(
  { snapshots, indices, indexMetadataFiles }: RepositoryIndex,
  snapshot: SnapshotName,
  expected: readonly { name: IndexName }[],
): MetadataFile[] {
  const { uuid = '', indexMetadata = {} } = snapshots.find(({ name }) => name === snapshot) ?? {};
  const ofIndices = expected.flatMap(({ name }): MetadataFile[] => {
    const entry = indices[name];
    if (entry === undefined) return [];
    const folder = `indices/${entry.id}`;
    const file = indexMetadataFiles[indexMetadata[entry.id] ?? ''] ?? uuid;
    const lists = (entry.shardGenerations ?? []).flatMap((generation, shard): MetadataFile[] =>
      generation === null || withoutList.has(generation)
        ? []
        : [{ what: `${name}[${shard}]`, key: `${folder}/${shard}/index-${generation}`, kind: 'snapshots' }],
    );
    return [{ what: `the metadata of ${name}`, key: `${folder}/meta-${file}.dat`, kind: 'index-metadata' }, ...lists];
  });
  return [
    { what: 'the snapshot itself', key: `snap-${uuid}.dat`, kind: 'snapshot' },
    { what: 'the global metadata', key: `meta-${uuid}.dat`, kind: 'metadata' },
    ...ofIndices,
  ];
}
