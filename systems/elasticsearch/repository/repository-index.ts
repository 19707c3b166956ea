import { crc32 } from 'node:zlib';
import { Failure } from '../../../domain/failures.ts';
import type { IndexName, SnapshotName } from '../../../domain/platform.ts';
import type { ObjectStorage } from '../../object-storage/object-storage.ts';
import { corruptedRemedy } from '../errors.ts';
import type { SnapshotState } from '../snapshots/snapshots.ts';

export interface RepositoryIndex {
  /** Grows with every change of the repository. */
  generation: number;
  /** Length and CRC-32 of its file, which holds no checksum itself; absent: there is no file. */
  file?: { bytes: number; crc: number };
  /** UUID of the cluster that wrote this generation; absent where the server did not say. */
  writer?: string;
  snapshots: RepositorySnapshot[];
  /** By name. */
  indices: Record<IndexName, RepositoryIndexEntry>;
  /** The names of the files that hold versions of indices' metadata, by what the snapshots call these versions. */
  indexMetadataFiles: Record<string, string>;
}

export interface RepositorySnapshot {
  name: SnapshotName;
  uuid: string;
  state: SnapshotState;
  /** Which version of its metadata each index has, by the index's id; empty in repositories of old servers. */
  indexMetadata: Record<string, string>;
}

export interface RepositoryIndexEntry {
  /** The index's folder in the repository: `indices/<id>`. */
  id: string;
  /** UUIDs of the snapshots that hold it. */
  snapshots: string[];
  /** The suffix of each shard's newest list, `index-<generation>`; absent in repositories of old servers. */
  shardGenerations?: (string | null)[];
}

/** Elasticsearch's numbers for the states, in their order. */
const states: readonly SnapshotState[] = ['IN_PROGRESS', 'SUCCESS', 'FAILED', 'PARTIAL', 'INCOMPATIBLE'];

const looks = 3;

/** As `RepositoryData` in Elasticsearch's sources writes it. */
interface RepositoryData {
  cluster_id?: string;
  snapshots: { name: string; uuid: string; state?: number; index_metadata_lookup?: Record<string, string> }[];
  indices?: Record<string, { id: string; snapshots?: string[]; shard_generations?: (string | null)[] }>;
  index_metadata_identifiers?: Record<string, string>;
}

/**
 * What a repository of Elasticsearch holds, read from the storage itself (`storage` begins at the repository's base
 * path): it answers also when there is no living Elasticsearch. The newest `index-N` is the truth; `index.latest` is
 * only a hint. Failure: RepositoryCorrupted.
 */
export async function readRepositoryIndex(
  storage: Pick<ObjectStorage, 'list' | 'get' | 'description'>,
): Promise<RepositoryIndex> {
  const { generation, bytes } = await newest(storage);
  if (generation < 0) return { generation, snapshots: [], indices: {}, indexMetadataFiles: {} };
  const found = bytes === undefined ? undefined : parse(bytes);
  if (found === undefined) {
    throw new Failure('RepositoryCorrupted', {
      message: `index-${generation} in ${storage.description} cannot be read as a snapshot repository's index`,
      remedy: `Check that the bucket and base path are those of the repository; otherwise: ${corruptedRemedy}`,
    });
  }
  const indices = Object.entries(found.indices ?? {}).map(([name, entry]): [string, RepositoryIndexEntry] => [
    name,
    {
      id: entry.id,
      snapshots: entry.snapshots ?? [],
      ...(entry.shard_generations && { shardGenerations: entry.shard_generations }),
    },
  ]);
  return {
    generation,
    ...(bytes && { file: { bytes: bytes.length, crc: crc32(bytes) } }),
    // "_na_" is Elasticsearch's own word for: not known.
    ...(found.cluster_id !== undefined && found.cluster_id !== '_na_' && { writer: found.cluster_id }),
    snapshots: found.snapshots.map(({ name, uuid, state, index_metadata_lookup: indexMetadata = {} }) => ({
      name,
      uuid,
      state: states[state ?? 0] ?? 'INCOMPATIBLE',
      indexMetadata,
    })),
    indices: Object.fromEntries(indices),
    indexMetadataFiles: found.index_metadata_identifiers ?? {},
  };
}

/** While another snapshot ends, the newest index gives way to a newer one: then it is looked for again. */
async function newest(
  storage: Pick<ObjectStorage, 'list' | 'get'>,
): Promise<{ generation: number; bytes?: Uint8Array }> {
  for (let look = 1; ; look++) {
    const generations = [-1];
    for await (const { key } of storage.list('index-')) {
      const match = /^index-(\d+)$/.exec(key);
      if (match) generations.push(Number(match[1]));
    }
    const generation = Math.max(...generations);
    const bytes = generation < 0 ? undefined : await storage.get(`index-${generation}`);
    if (bytes !== undefined || generation < 0 || look === looks) return { generation, ...(bytes && { bytes }) };
  }
}

function parse(bytes: Uint8Array): RepositoryData | undefined {
  try {
    const index = JSON.parse(new TextDecoder().decode(bytes)) as Partial<RepositoryData>;
    return Array.isArray(index.snapshots) ? (index as RepositoryData) : undefined;
  } catch {
    return undefined;
  }
}
