import { passed } from '../../domain/checks.ts';
import { storesOfKind } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { artefactOf } from '../../domain/recovery-points/expected-set.ts';
import type { ExpectedSet, RecoveryPointManifest, StoreArtefact } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { decodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { expectedSetObject } from '../recovery-points/read-point.ts';
import { writeMarkerFiles } from './marker-files.ts';

/** The object of a point that names the images of its services. */
export const imagesObject = 'images.json';

/** The commit point: without the manifest there is no recovery point, whatever else was written. */
export async function publishRecoveryPoint(
  { platform, fileHash, catalogue }: OpenPlatform,
  call: StepCall<'publishRecoveryPoint'>,
): Promise<StepOutcome> {
  const point = call.arguments.recoveryPoint;
  const stores: StoreArtefact[] = [];
  let startedAt = '';
  for (const { name } of storesOfKind(platform, 'elasticsearch')) {
    const object = await catalogue.statObject(point, expectedSetObject(name));
    const expected = decodeJson(await catalogue.getObject(object)) as ExpectedSet;
    stores.push(artefactOf(expected, object));
    if (startedAt === '' || expected.startedAt < startedAt) startedAt = expected.startedAt;
  }
  const images = await catalogue.getObject(await catalogue.statObject(point, imagesObject));
  const manifest: RecoveryPointManifest = {
    version: 1,
    id: point,
    platform: call.platform,
    run: call.run,
    startedAt,
    finishedAt: new Date().toISOString(),
    platformFileHash: fileHash,
    stores,
    capture: await catalogue.statObject(point, 'capture.age'),
    images: decodeJson(images) as RecoveryPointManifest['images'],
  };
  await catalogue.writeManifest(manifest, call.arguments.claimed && call);
  const markerFiles = await writeMarkerFiles(platform.backup, manifest);
  const documents = stores.reduce((sum, store) => sum + (store.documents ?? 0), 0);
  return {
    summary: `Recovery point ${point}, data as of ${startedAt}, at least ${documents} documents`,
    checks: [
      passed('manifest', `${point} is written, with ${stores.length} stores and the deployment`),
      ...markerFiles,
    ],
  };
}
