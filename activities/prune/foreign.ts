import pLimit from 'p-limit';
import { Failure } from '../../domain/failures.ts';
import { storesOfKind, type SnapshotName, type StoreName } from '../../domain/platform.ts';
import { snapshotNameOf } from '../../domain/recovery-point.ts';
import { namesInRepository } from '../../systems/elasticsearch/delete-snapshots.ts';
import type { OpenPlatform } from '../open-platform.ts';

const atOnce = 16;

/** Snapshots of a store's repository that no recovery point names; or why nobody could look. */
export type ForeignSnapshots = { store: StoreName; repository: string } & (
  { snapshots: SnapshotName[] } | { unseen: string }
);

/** Of every store. They are listed only: whoever took them removes them. */
export async function foreignSnapshots(
  open: Pick<OpenPlatform, 'platform' | 'catalogue' | 'elasticsearch'>,
): Promise<ForeignSnapshots[]> {
  const ids = await open.catalogue.takenIds();
  const looks = storesOfKind(open.platform, 'elasticsearch').map(async (store): Promise<ForeignSnapshots> => {
    const seen = { store: store.name, repository: store.repository.name };
    try {
      const client = await open.elasticsearch(store);
      const names = await namesInRepository(client, store.repository.name).finally(() => client.close());
      const own = new Set(ids.map(snapshotNameOf));
      const unknown = names.filter((name) => !own.has(name));
      if (unknown.length === 0) return { ...seen, snapshots: [] };
      // A point that was adopted goes by another name than its snapshot: its manifest tells.
      const there = new Set(names);
      const others = ids.filter((id) => !there.has(snapshotNameOf(id)));
      const named = new Set(await namesInManifests(open, others));
      return { ...seen, snapshots: unknown.filter((name) => !named.has(name)).toSorted() };
    } catch (error) {
      if (error instanceof Failure) return { ...seen, unseen: error.message };
      throw error;
    }
  });
  return Promise.all(looks);
}

async function namesInManifests(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  ids: readonly string[],
): Promise<SnapshotName[]> {
  const limit = pLimit(atOnce);
  const names = ids.map((id) =>
    limit(async () => {
      try {
        return (await catalogue.readManifest(id)).stores.map(({ snapshot }) => snapshot);
      } catch (error) {
        // A backup that runs, or a damaged manifest: neither names a snapshot.
        if (error instanceof Failure && ['RecoveryPointNotFound', 'CatalogueRefused'].includes(error.kind)) return [];
        throw error;
      }
    }),
  );
  return (await Promise.all(names)).flat();
}
