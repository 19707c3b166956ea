import { Failure } from '../../domain/failures.ts';
import { storesOfKind, type SnapshotName, type StoreName } from '../../domain/platform.ts';
import { snapshotNameOf, snapshotOf } from '../../domain/recovery-points/recovery-point.ts';
import { namesInRepository } from '../../systems/elasticsearch/snapshots/delete-snapshots.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';

/** Snapshots of a store's repository that no recovery point names; or why they cannot be listed. */
export type ForeignSnapshots = { store: StoreName; repository: string } & (
  { snapshots: SnapshotName[] } | { unseen: string }
);

/** Of every store. They are only listed: whoever took them removes them. */
export async function foreignSnapshots(
  open: Pick<OpenPlatform, 'platform' | 'catalogue' | 'elasticsearch'>,
): Promise<ForeignSnapshots[]> {
  const { points, unfinished, halfRemoved = [] } = await open.catalogue.listPoints();
  const own = new Set([...points.map(snapshotOf), ...[...unfinished, ...halfRemoved].map(snapshotNameOf)]);
  const observations = storesOfKind(open.platform, 'elasticsearch').map(async (store): Promise<ForeignSnapshots> => {
    const seen = { store: store.name, repository: store.repository.name };
    try {
      const names = await withElasticsearch(open, store, (client) => namesInRepository(client, store.repository.name));
      return { ...seen, snapshots: names.filter((name) => !own.has(name)).toSorted() };
    } catch (error) {
      if (error instanceof Failure) return { ...seen, unseen: error.message };
      throw error;
    }
  });
  return Promise.all(observations);
}
