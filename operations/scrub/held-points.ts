import pLimit from 'p-limit';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import { heldIndices } from '../../domain/recovery-points/expected-set.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';
import type { HeldPoint } from '../../systems/elasticsearch/repository/repository-files.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readExpectedSetOf } from '../recovery-points/read-point.ts';

const together = 8;

/** A recovery point's snapshot of one store, by its name alone. */
export type StorePoint = Omit<HeldPoint, 'uuid'>;

/** What the catalogue says of a store. */
export interface StorePoints {
  summaries: RecoveryPointSummary[];
  /** Newest first. */
  points: StorePoint[];
  /** Those whose objects in the catalogue cannot be read. */
  unreadable: RecoveryPointId[];
  /** Repositories other than the store's that points of it are in. */
  elsewhere: string[];
}

/** Every recovery point that is not being deleted, with what it holds of the store. Failures: those of the storage. */
export async function storePoints(
  open: Pick<OpenPlatform, 'catalogue'>,
  store: ElasticsearchStore,
): Promise<StorePoints> {
  const { points: summaries } = await open.catalogue.listPoints();
  const unreadable: RecoveryPointId[] = [];
  const limit = pLimit(together);
  const elsewhere = new Set<string>();
  const shared = new Map<string, HeldPoint['indices']>();
  const found = await limit.map(
    summaries.filter(({ deleting }) => !deleting),
    async ({ id }) => {
      try {
        const held = await heldBy(open, id, store, elsewhere);
        return held && { ...held, id, indices: once(shared, held.indices) };
      } catch (error) {
        if (!(error instanceof Failure) || !['CatalogueRefused', 'RecoveryPointNotFound'].includes(error.kind))
          throw error;
        unreadable.push(id);
        return undefined;
      }
    },
  );
  return { summaries, points: found.filter((point) => point !== undefined), unreadable, elsewhere: [...elsewhere] };
}

async function heldBy(
  open: Pick<OpenPlatform, 'catalogue'>,
  id: RecoveryPointId,
  store: ElasticsearchStore,
  elsewhere: Set<string>,
): Promise<Omit<StorePoint, 'id'> | undefined> {
  const { stores } = await open.catalogue.readManifest(id);
  const artefact = stores.find((each) => each.store === store.name);
  if (artefact === undefined) return undefined;
  if (artefact.repository !== store.repository.name) {
    elsewhere.add(artefact.repository);
    return undefined;
  }
  const indices = heldIndices(await readExpectedSetOf(open, artefact));
  const { snapshot, globalMetadataCrc } = artefact;
  return {
    snapshot,
    indices: indices.map(({ name, primaries }) => ({ name, primaries })),
    ...(globalMetadataCrc !== undefined && { globalMetadataCrc }),
  };
}

/** Most points hold the same indices: there may be thousands of both. */
function once(shared: Map<string, HeldPoint['indices']>, indices: HeldPoint['indices']): HeldPoint['indices'] {
  const words = indices.map(({ name, primaries }) => `${name} ${primaries}`).join('\n');
  const known = shared.get(words) ?? indices;
  shared.set(words, known);
  return known;
}
