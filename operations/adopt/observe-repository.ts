import type { ForeignSnapshot } from '../../domain/recovery-points/adoption.ts';
import type { ElasticsearchStore, IndexName, SnapshotName } from '../../domain/platform.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { trialPrefix } from '../../systems/elasticsearch/repository/prove-writable.ts';
import { readRepository } from '../../systems/elasticsearch/repository/repository.ts';
import { indicesInSnapshot, type IndexInSnapshot } from '../../systems/elasticsearch/snapshots/snapshot-status.ts';
import { snapshotIfThere, snapshotNames } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { configureRepository } from '../repository/configure-repository.ts';

/** The repository of one store, observed through its Elasticsearch; whoever asked for it closes it. */
export interface RepositoryObservation {
  store: ElasticsearchStore;
  names: SnapshotName[];
  /** Undefined: it is not in this repository. */
  read: (snapshot: SnapshotName) => Promise<SnapshotInStore | undefined>;
  close: () => Promise<void>;
}

export interface SnapshotInStore {
  store: ElasticsearchStore;
  snapshot: ForeignSnapshot;
  includesGlobalState: boolean;
  /** The cluster that alone may write to the repository, as far as its registration tells. */
  clusterUuid?: string;
  /** Of Elasticsearch, when the snapshot was taken; the living one's where the snapshot does not tell. */
  version: string;
  contents: () => Promise<Record<IndexName, IndexInSnapshot>>;
}

/** A repository that is not registered is registered read-only: what lies in it stays as it is. */
export async function observeRepository(open: OpenPlatform, store: ElasticsearchStore): Promise<RepositoryObservation> {
  const client = await open.elasticsearch(store);
  const repository = store.repository.name;
  try {
    if ((await readRepository(client, repository)) === undefined)
      await configureRepository(open, store, client, 'readonly');
    const writable = (await readRepository(client, repository))?.readonly === false;
    const identity = await clusterIdentity(client);
    const names = (await snapshotNames(client, repository, '*')).filter((name) => !name.startsWith(trialPrefix));
    return {
      store,
      names,
      async read(name) {
        if (!names.includes(name)) return undefined;
        const snapshot = await snapshotIfThere(client, repository, name);
        if (!snapshot) return undefined;
        return {
          store,
          snapshot,
          includesGlobalState: snapshot.includesGlobalState,
          ...(writable && { clusterUuid: identity.clusterUuid }),
          version: /^\d+\.\d+\.\d+/.exec(snapshot.version)?.[0] ?? identity.version,
          contents: () => indicesInSnapshot(client, repository, name),
        };
      },
      close: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}
