import { Failure } from '../../domain/failures.ts';
import type { SnapshotName } from '../../domain/platform.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import type { SnapshotState } from './snapshots.ts';

export interface RepositoryIndex {
  /** Grows with every change of the repository. */
  generation: number;
  snapshots: { name: SnapshotName; uuid: string; state: SnapshotState }[];
}

/** Elasticsearch's numbers for the states, in their order. */
const states: readonly SnapshotState[] = ['IN_PROGRESS', 'SUCCESS', 'FAILED', 'PARTIAL', 'INCOMPATIBLE'];

/**
 * What a repository of Elasticsearch holds, read from the storage itself (`storage` begins at the repository's base
 * path): it answers also when there is no living Elasticsearch. The newest `index-N` is the truth; `index.latest` is
 * only a hint.
 */
export async function readRepositoryIndex(storage: ObjectStorage): Promise<RepositoryIndex> {
  const generations: number[] = [];
  for await (const { key } of storage.list('index-')) {
    const match = /^index-(\d+)$/.exec(key);
    if (match) generations.push(Number(match[1]));
  }
  if (generations.length === 0) return { generation: -1, snapshots: [] };
  const generation = Math.max(...generations);
  const bytes = await storage.get(`index-${generation}`);
  const found = bytes === undefined ? undefined : parse(bytes);
  if (found === undefined) {
    throw new Failure('RepositoryRefused', {
      message: `index-${generation} in ${storage.description} cannot be read as a snapshot repository's index.`,
      remedy: 'Check that the bucket and base path are those of the repository; try again when a snapshot just ended.',
    });
  }
  const snapshots = found.map(({ name, uuid, state }) => ({ name, uuid, state: states[state ?? 0] ?? 'INCOMPATIBLE' }));
  return { generation, snapshots };
}

function parse(bytes: Uint8Array): { name: string; uuid: string; state?: number }[] | undefined {
  try {
    const index = JSON.parse(new TextDecoder().decode(bytes)) as { snapshots?: [] };
    return Array.isArray(index.snapshots) ? index.snapshots : undefined;
  } catch {
    return undefined;
  }
}
