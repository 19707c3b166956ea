import type { Client } from '@elastic/elasticsearch';
import { failed, passed, type Check } from '../domain/checks.ts';
import type { DeploymentCapture } from '../domain/deployment.ts';
import { Failure } from '../domain/failures.ts';
import {
  choosePoint,
  type ExpectedSet,
  type PointChoice,
  type RecoveryPointId,
  type RecoveryPointManifest,
} from '../domain/recovery-point.ts';
import { readSnapshot } from '../systems/elasticsearch/snapshots.ts';
import { decrypt } from '../systems/encryption/age.ts';
import type { OpenPlatform } from './open-platform.ts';

const text = new TextDecoder();

/** The manifest of the wanted recovery point. Failure: RecoveryPointNotFound, naming what there is. */
export async function chooseManifest(
  { catalogue, platform }: OpenPlatform,
  choice: PointChoice,
): Promise<RecoveryPointManifest> {
  const { points } = await catalogue.listPoints();
  const chosen = choosePoint(points, choice);
  if (chosen) return catalogue.readManifest(chosen.id);
  const wanted =
    'id' in choice
      ? `"${choice.id}"`
      : 'before' in choice
        ? `before ${choice.before}`
        : 'proven' in choice
          ? 'that is proven'
          : '';
  throw new Failure('RecoveryPointNotFound', {
    message: `${platform.platform} has no recovery point ${wanted}`.trimEnd(),
    remedy:
      points.length === 0
        ? `take one with "rekindle backup ${platform.platform}"`
        : `choose one of the ${points.length} that "rekindle points ${platform.platform}" lists`,
  });
}

export async function readExpectedSet(
  { catalogue }: OpenPlatform,
  point: RecoveryPointId,
  store: string,
): Promise<ExpectedSet> {
  const manifest = await catalogue.readManifest(point);
  const artefact = manifest.stores.find((candidate) => candidate.store === store);
  if (!artefact)
    throw new Failure('SnapshotMissing', {
      message: `recovery point ${point} holds nothing of the store "${store}"`,
      remedy: 'choose another recovery point',
    });
  return JSON.parse(text.decode(await catalogue.getObject(artefact.expectedSet))) as ExpectedSet;
}

/** Decrypts the deployment capture. Failure: CaptureUnreadable, MissingKey. */
export async function readCapture(open: OpenPlatform, point: RecoveryPointId): Promise<DeploymentCapture> {
  const manifest = await open.catalogue.readManifest(point);
  const sealed = await open.catalogue.getObject(manifest.capture);
  return JSON.parse(text.decode(await decrypt(sealed, await open.identity()))) as DeploymentCapture;
}

/** The object of a run that holds the deployment as it was before the run's first stop. */
export const recordedDeployment = 'deployment.age';

/** What a run recorded before it stopped anything; `owner` as in quarantineOf. Failure: CaptureUnreadable, MissingKey. */
export async function readRecordedDeployment(open: OpenPlatform, owner: string): Promise<DeploymentCapture> {
  const sealed = await open.catalogue.findRunObject(owner, recordedDeployment);
  if (sealed === undefined)
    throw new Failure('CaptureUnreadable', {
      message: `the catalogue holds no deployment recorded by ${owner}`,
      remedy: 'the run stopped nothing, or its quarantine was released; restore a recovery point instead',
    });
  return JSON.parse(text.decode(await decrypt(sealed, await open.identity()))) as DeploymentCapture;
}

/** Whether the snapshot is in the repository, SUCCESS, with every index that the manifest names. */
export async function checkSnapshot(client: Client, expected: ExpectedSet): Promise<Check> {
  const name = `snapshot ${expected.store}`;
  const snapshot = await readSnapshot(client, expected.repository, expected.snapshot);
  const missing = expected.indices.filter((index) => !snapshot.indices.includes(index.name)).map((index) => index.name);
  const where = `${expected.snapshot} in ${expected.repository}`;
  if (snapshot.state !== 'SUCCESS')
    return failed(name, `${where} is ${snapshot.state}`, 'choose another recovery point');
  if (missing.length > 0) return failed(name, `${where} lacks ${missing.join(', ')}`, 'choose another recovery point');
  return passed(name, `${where}: SUCCESS, ${expected.indices.length} indices, ${snapshot.shards.total} shards`);
}
