import { Failure } from '../../domain/failures.ts';
import type { StoreName } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { StreamArtefact } from '../../domain/streams/stream-artefact.ts';
import { decodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { streamObject } from './back-up-store.ts';

type Open = Pick<OpenPlatform, 'catalogue'>;

/** What a recovery point holds of a store of streams. Failures: SnapshotMissing, RecoveryPointNotFound, CatalogueRefused. */
export async function artefactIn(open: Open, point: RecoveryPointId, store: StoreName): Promise<StreamArtefact> {
  const { streams = [] } = await open.catalogue.readManifest(point);
  const artefact = streams.find((candidate) => candidate.store === store);
  if (artefact) return artefact;
  throw new Failure('SnapshotMissing', {
    message: `Recovery point ${point} holds no data of the store "${store}"`,
    remedy: 'Choose another recovery point',
  });
}

/** The same of a point that is not published yet, as its backup has just written it; of a published one as its manifest has it. */
export async function writtenArtefact(open: Open, point: RecoveryPointId, store: StoreName): Promise<StreamArtefact> {
  if ((await open.catalogue.findPoint(point)) !== undefined) return artefactIn(open, point, store);
  const bytes = await open.catalogue.findObject(point, streamObject(store, 'artefact'));
  if (bytes !== undefined) return decodeJson(bytes) as StreamArtefact;
  throw new Failure('CatalogueRefused', {
    message: `What the backup wrote of ${store} in ${point} has disappeared from the catalogue`,
    remedy: 'Find out who deletes objects of the catalogue while a backup runs, then take the backup again',
  });
}

/** Failure: CatalogueRefused when it is not what was written. */
export async function expectedIn(
  { catalogue }: Open,
  { expectedSet }: Pick<StreamArtefact, 'expectedSet'>,
): Promise<unknown> {
  return decodeJson(await catalogue.getObject(expectedSet));
}
