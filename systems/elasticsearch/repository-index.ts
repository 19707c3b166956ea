import { Failure } from '../../domain/failures.ts';
import type { IndexName, SnapshotName } from '../../domain/platform.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import type { SnapshotState } from './snapshots.ts';

export interface RepositoryIndex {
  /** Grows with every change of the repository. */
  generation: number;
  /** UUID of the cluster that wrote this generation; absent where the server did not say. */
  writer?: string;
  snapshots: { name: SnapshotName; uuid: string; state: SnapshotState }[];
  /** By name. */
  indices: Record<IndexName, RepositoryIndexEntry>;
}

export interface RepositoryIndexEntry {
  /** The index's folder in the repository: `indices/<id>`. */
  id: string;
  /** UUIDs of the snapshots that hold it. */
  snapshots: string[];
  /** Absent in repositories of old servers. */
  shards?: number;
}

/** Elasticsearch's numbers for the states, in their order. */
const states: readonly SnapshotState[] = ['IN_PROGRESS', 'SUCCESS', 'FAILED', 'PARTIAL', 'INCOMPATIBLE'];

/** As `RepositoryData` in Elasticsearch's sources writes it. */
interface RepositoryData {
  cluster_id?: string;
  snapshots: { name: string; uuid: string; state?: number }[];
  indices?: Record<string, { id: string; snapshots?: string[]; shard_generations?: unknown[] }>;
}

/**
 * What a repository of Elasticsearch holds, read from the storage itself (`storage` begins at the repository's base
 * path): it answers also when there is no living Elasticsearch. The newest `index-N` is the truth; `index.latest` is
 * only a hint.
 */
export async function readRepositoryIndex(
  storage: Pick<ObjectStorage, 'list' | 'get' | 'description'>,
): Promise<RepositoryIndex> {
  const generations: number[] = [];
  for await (const { key } of storage.list('index-')) {
    const match = /^index-(\d+)$/.exec(key);
    if (match) generations.push(Number(match[1]));
  }
  if (generations.length === 0) return { generation: -1, snapshots: [], indices: {} };
  const generation = Math.max(...generations);
  const bytes = await storage.get(`index-${generation}`);
  const found = bytes === undefined ? undefined : parse(bytes);
  if (found === undefined) {
    throw new Failure('RepositoryRefused', {
      message: `index-${generation} in ${storage.description} cannot be read as a snapshot repository's index.`,
      remedy: 'Check that the bucket and base path are those of the repository; try again when a snapshot just ended.',
    });
  }
  const indices = Object.entries(found.indices ?? {}).map(([name, entry]): [string, RepositoryIndexEntry] => [
    name,
    {
      id: entry.id,
      snapshots: entry.snapshots ?? [],
      ...(entry.shard_generations && { shards: entry.shard_generations.length }),
    },
  ]);
  return {
    generation,
    // "_na_" is Elasticsearch's own word for: not known.
    ...(found.cluster_id !== undefined && found.cluster_id !== '_na_' && { writer: found.cluster_id }),
    snapshots: found.snapshots.map(({ name, uuid, state }) => ({
      name,
      uuid,
      state: states[state ?? 0] ?? 'INCOMPATIBLE',
    })),
    indices: Object.fromEntries(indices),
  };
}

function parse(bytes: Uint8Array): RepositoryData | undefined {
  try {
    const index = JSON.parse(new TextDecoder().decode(bytes)) as Partial<RepositoryData>;
    return Array.isArray(index.snapshots) ? (index as RepositoryData) : undefined;
  } catch {
    return undefined;
  }
}
