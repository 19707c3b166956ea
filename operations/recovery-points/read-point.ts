import type { Client } from '@elastic/elasticsearch';
import { failed, passed, type Check } from '../../domain/checks.ts';
import type { MarkerNote } from '../../domain/recovery-points/catalogue-keys.ts';
import type { DeploymentCapture } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import type { StoreName } from '../../domain/platform.ts';
import type {
  ExpectedIndex,
  ExpectedSet,
  RecoveryPointId,
  RecoveryPointManifest,
  RecoveryPointSummary,
  StoreArtefact,
} from '../../domain/recovery-points/recovery-point.ts';
import { readSnapshot } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import { decrypt } from '../../systems/encryption/age.ts';
import { decodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** The object of a point that holds what a store must contain after a restore. */
export const expectedSetObject = (store: StoreName): string => `stores/${store}.expected.json`;

export async function readExpectedSet(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  point: RecoveryPointId,
  store: string,
): Promise<ExpectedSet> {
  const { stores } = await catalogue.readManifest(point);
  const artefact = stores.find((candidate) => candidate.store === store);
  if (artefact) return readExpectedSetOf({ catalogue }, artefact);
  throw new Failure('SnapshotMissing', {
    message: `Recovery point ${point} holds no data of the store "${store}"`,
    remedy: 'Choose another recovery point',
  });
}

/** Failure: CatalogueRefused when it is not what was written. */
export async function readExpectedSetOf(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  { expectedSet }: StoreArtefact,
): Promise<ExpectedSet> {
  return decodeJson(await catalogue.getObject(expectedSet)) as ExpectedSet;
}

export interface PointInFull {
  summary: RecoveryPointSummary;
  manifest: RecoveryPointManifest;
  /** Every note that was made of it since, oldest first. */
  markers: MarkerNote[];
  /** By store, as the expected set has them. */
  indices: Record<string, ExpectedIndex[]>;
}

type Open = Pick<OpenPlatform, 'catalogue' | 'platform'>;

/** One recovery point, all of it but the capture. Failures: RecoveryPointNotFound, CatalogueRefused. */
export async function readPointInFull(open: Open, id: RecoveryPointId): Promise<PointInFull> {
  const manifest = await open.catalogue.readManifest(id);
  const found = await open.catalogue.findPoint(id);
  if (!found) return missing(open, id);
  const indices: Record<string, ExpectedIndex[]> = {};
  for (const { store } of manifest.stores) indices[store] = (await readExpectedSet(open, id, store)).indices;
  return { ...found, manifest, indices };
}

function missing({ platform: { platform } }: Open, id: RecoveryPointId): never {
  throw new Failure('RecoveryPointNotFound', {
    message: `${platform} has no recovery point "${id}" (any more)`,
    remedy: `Choose one that "rekindle points ${platform}" lists`,
  });
}

/** Decrypts the deployment capture. Failure: CaptureUnreadable, also when the point was adopted; MissingKey. */
export async function readCapture(
  open: Pick<OpenPlatform, 'catalogue' | 'identity'>,
  point: RecoveryPointId,
): Promise<DeploymentCapture> {
  const manifest = await open.catalogue.readManifest(point);
  if (!manifest.capture)
    throw new Failure('CaptureUnreadable', {
      message: `The recovery point ${point} was adopted from a snapshot that others took, and holds no deployment capture`,
      remedy: 'Take a backup while the platform runs: it captures the deployment',
    });
  const encrypted = await open.catalogue.getObject(manifest.capture);
  return decodeJson(await decrypt(encrypted, await open.identity())) as DeploymentCapture;
}

/** Whether the snapshot is in the repository, SUCCESS, with every index that the manifest names. */
export async function checkSnapshot(client: Client, expected: ExpectedSet): Promise<Check> {
  const name = `snapshot ${expected.store}`;
  const snapshot = await readSnapshot(client, expected.repository, expected.snapshot);
  const missing = expected.indices.filter((index) => !snapshot.indices.includes(index.name)).map((index) => index.name);
  const where = `${expected.snapshot} in ${expected.repository}`;
  if (snapshot.state !== 'SUCCESS')
    return failed(name, `${where} is ${snapshot.state}`, 'Choose another recovery point');
  if (missing.length > 0) return failed(name, `${where} lacks ${listed(missing)}`, 'Choose another recovery point');
  return passed(name, `${where}: SUCCESS, ${expected.indices.length} indices, ${snapshot.shards.total} shards`);
}
