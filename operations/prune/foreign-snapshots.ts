import { Failure } from '../../domain/failures.ts';
import { storesOfKind, type SnapshotName, type StoreName } from '../../domain/platform.ts';
import { snapshotNameOf, snapshotOf } from '../../domain/recovery-points/recovery-point.ts';
import { namesInRepository } from '../../systems/elasticsearch/snapshots/delete-snapshots.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** Snapshots of a store's repository that no recovery point names; or why nobody could look. */
export type ForeignSnapshots = { store: StoreName; repository: string } & (
  { snapshots: SnapshotName[] } | { unseen: string }
);

/** Of every store. They are listed only: whoever took them removes them. */
export async function foreignSnapshots(
  open: Pick<OpenPlatform, 'platform' | 'catalogue' | 'elasticsearch'>,
): Promise<ForeignSnapshots[]> {
  const { points, unfinished, halfRemoved = [] } = await open.catalogue.listPoints();
  const own = new Set([...points.map(snapshotOf), ...[...unfinished, ...halfRemoved].map(snapshotNameOf)]);
  const looks = storesOfKind(open.platform, 'elasticsearch').map(async (store): Promise<ForeignSnapshots> => {
    const seen = { store: store.name, repository: store.repository.name };
    try {
      const client = await open.elasticsearch(store);
      try {
        const names = await namesInRepository(client, store.repository.name);
        return { ...seen, snapshots: names.filter((name) => !own.has(name)).toSorted() };
      } finally {
        await client.close();
      }
    } catch (error) {
      if (error instanceof Failure) return { ...seen, unseen: error.message };
      throw error;
    }
  });
  return Promise.all(looks);
}
