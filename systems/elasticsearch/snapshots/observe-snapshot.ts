import { Failure } from '../../../domain/failures.ts';
import type { SnapshotName } from '../../../domain/platform.ts';
import type { SnapshotObservation } from '../../../domain/recovery-points/backup-checks.ts';
import type { Client } from '../client.ts';
import { attempt, corruptedRemedy } from '../errors.ts';
import { verifyRepository } from '../repository/repository.ts';
import { indicesInSnapshot } from './snapshot-status.ts';
import { readSnapshot } from './snapshots.ts';

/**
 * What Elasticsearch itself says of a snapshot, asked anew: every node writes to and reads from the repository, the
 * snapshot's state, and each shard's own file, which is read for its status. A file of it that is missing or damaged is
 * `RepositoryCorrupted`.
 */
export async function observeSnapshot(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<SnapshotObservation> {
  const [verified, wanted, { state }, indices] = await Promise.all([
    verifyRepository(client, repository),
    nodesOfRepositories(client),
    readSnapshot(client, repository, snapshot),
    shardsByIndex(client, repository, snapshot),
  ]);
  return { state, indices, nodes: { verified, wanted } };
}

/** Nodes that use repositories: those that hold data or can be master. */
async function nodesOfRepositories(client: Client): Promise<string[]> {
  const info = await attempt('list the nodes', () =>
    client.nodes.info({ metric: 'process', filter_path: 'nodes.*.name,nodes.*.roles' }),
  );
  return Object.values(info.nodes)
    .filter(({ roles }) => {
      const holdsData = roles.some((role) => role.startsWith('data'));
      return holdsData || (roles.includes('master') && !roles.includes('voting_only'));
    })
    .map(({ name }) => name);
}

async function shardsByIndex(
  client: Client,
  repository: string,
  snapshot: SnapshotName,
): Promise<SnapshotObservation['indices']> {
  try {
    const indices = await indicesInSnapshot(client, repository, snapshot);
    return Object.fromEntries(Object.entries(indices).map(([name, { shards }]) => [name, shards]));
  } catch (error) {
    // The snapshot itself is listed, or reading it would fail as well: it is its files that cannot be read.
    const unreadable = error instanceof Failure && ['SnapshotMissing', 'RepositoryRefused'].includes(error.kind);
    if (!unreadable) throw error;
    throw new Failure('RepositoryCorrupted', { message: error.message, remedy: corruptedRemedy }, { cause: error });
  }
}
