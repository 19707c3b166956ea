import type { ArchivedStore, ArtefactsIn } from '../../domain/archives/archive.ts';
import { basesOfPoint } from '../../domain/bases.ts';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import { heldIndices } from '../../domain/recovery-points/expected-set.ts';
import type { RecoveryPointManifest, StoreArtefact } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCapture, readExpectedSetOf } from '../recovery-points/read-point.ts';
import { basedAsPoint, filedOf } from '../repository/bases.ts';
import { openScrubbedBucket } from '../scrub/bucket.ts';
import type { StorePoint } from '../scrub/held-points.ts';
import { storeNamed } from '../stores/store-named.ts';
import { filesOf, type SnapshotBucket, type SnapshotFiles } from './snapshot-files.ts';

/** The bucket of a store's repository; or why it cannot be read from here. */
export type OpenBucket = (store: ElasticsearchStore) => Promise<SnapshotBucket | { unseen: string }>;

export interface ExportedStore {
  archived: ArchivedStore;
  /** Absent with references. */
  source?: { bucket: SnapshotBucket; point: StorePoint; files: SnapshotFiles };
}

/** What an archive says of each store of a point, with where its files are read. Failures: as of `exportPoint`. */
export async function exportedStores(
  open: OpenPlatform,
  manifest: RecoveryPointManifest,
  { artefacts, openBucket }: { artefacts: ArtefactsIn; openBucket?: OpenBucket },
  { signal }: Watch,
): Promise<ExportedStore[]> {
  const bases = basesOfPoint(filedOf(open), manifest.stores);
  const based = basedAsPoint(open, manifest);
  const bucketOf = openBucket ?? ((store) => bucketHere(based, manifest, store));
  const exported: ExportedStore[] = [];
  for (const artefact of manifest.stores) {
    const store = storeNamed(based.platform, 'elasticsearch', artefact.store);
    const { settings } = store.repository;
    const place = [settings['bucket'] ?? settings['location'], settings['base_path']].filter(Boolean).join('/');
    const source =
      artefacts === 'data' ? await sourceOf(open, manifest, artefact, await bucketOf(store), signal) : undefined;
    exported.push({
      archived: {
        store: artefact.store,
        repository: artefact.repository,
        snapshot: artefact.snapshot,
        base: bases[artefact.store] ?? 1,
        place,
        files: source?.files.files ?? 0,
        bytes: source?.files.bytes ?? 0,
      },
      ...(source && { source }),
    });
  }
  return exported;
}

async function sourceOf(
  open: OpenPlatform,
  { id }: RecoveryPointManifest,
  artefact: StoreArtefact,
  bucket: SnapshotBucket | { unseen: string },
  signal: AbortSignal | undefined,
): Promise<NonNullable<ExportedStore['source']>> {
  if ('unseen' in bucket)
    throw new Failure('InvalidArgument', {
      message: `The snapshot of ${artefact.store} cannot be put into an archive: ${bucket.unseen}`,
      remedy: 'Export with --references: the snapshot stays where it is, and the archive says where',
    });
  const indices = heldIndices(await readExpectedSetOf(open, artefact));
  const point: StorePoint = {
    id,
    snapshot: artefact.snapshot,
    indices: indices.map(({ name, primaries }) => ({ name, primaries })),
  };
  return { bucket, point, files: await filesOf(bucket, point, signal) };
}

const bucketHere = (open: OpenPlatform, manifest: RecoveryPointManifest, store: ElasticsearchStore) =>
  openScrubbedBucket({ ...open, captureOf: () => readCapture(open, manifest.id) }, store);
