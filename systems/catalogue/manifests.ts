import { isOf, type PointOwner } from '../../domain/recovery-points/claims.ts';
import {
  manifestName,
  parsePointObject,
  pointObjectKey,
  type ManifestKey,
} from '../../domain/recovery-points/catalogue-keys.ts';
import { Failure } from '../../domain/failures.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointId, RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { damaged } from './catalogue-failures.ts';
import { sha256 } from './digest.ts';
import { manifestSchema } from './manifest-schema.ts';

/**
 * Writes the manifest: from then on the recovery point exists. Repeated by the same run it changes nothing. With
 * `claimedBy` the run's claim must be there, before and afterwards: whoever clears away what a dead run left removes its
 * claim first. Failure: CatalogueRefused when another run's recovery point has this id, or the claim is gone.
 */
export async function writeManifest(
  storage: ObjectStorage,
  platform: PlatformName,
  manifest: RecoveryPointManifest,
  claimedBy?: PointOwner,
): Promise<void> {
  const { id } = manifest;
  const present = await findManifest(storage, platform, id);
  if (present) {
    const { run } = await readManifest(storage, platform, id);
    if (run === manifest.run) return;
    throw new Failure('CatalogueRefused', {
      message: `The recovery point ${id} of ${platform} was taken by ${run} and is not replaced`,
      remedy: 'Start the backup again: it takes a free id',
    });
  }
  const bytes = new TextEncoder().encode(JSON.stringify(manifest, undefined, 2));
  const key = pointObjectKey(platform, id, manifestName(figures(manifest, bytes)));
  if (claimedBy && !(await isClaimedBy(storage, platform, id, claimedBy))) throw claimGone(id);
  await storage.put(key, bytes);
  if (claimedBy && !(await isClaimedBy(storage, platform, id, claimedBy))) {
    await storage.delete(key);
    throw claimGone(id);
  }
}

async function isClaimedBy(
  storage: ObjectStorage,
  platform: PlatformName,
  id: RecoveryPointId,
  owner: PointOwner,
): Promise<boolean> {
  const folder = pointObjectKey(platform, id, '');
  for await (const { key } of storage.list(`${folder}claim~`)) {
    const object = parsePointObject(key.slice(folder.length));
    // A run that was reset goes on under another execution.
    if (object.kind === 'claim' && (isOf(object.claim, owner) || object.claim.run === owner.run)) return true;
  }
  return false;
}

function claimGone(id: RecoveryPointId): Failure {
  return new Failure('CatalogueRefused', {
    message: `The claim of this run to the recovery point ${id} is gone: another run took this one for dead and removed it`,
    remedy: 'Start the backup again',
  });
}

/** Failure: RecoveryPointNotFound; CatalogueRefused when the manifest is not what was written. */
export async function readManifest(
  storage: ObjectStorage,
  platform: PlatformName,
  id: RecoveryPointId,
): Promise<RecoveryPointManifest> {
  const found = await findManifest(storage, platform, id);
  const bytes = found && (await storage.get(found.key));
  if (!found || !bytes)
    throw new Failure('RecoveryPointNotFound', {
      message: `${platform} has no recovery point "${id}" in ${storage.description}`,
      remedy: `Choose one that "rekindle points ${platform}" lists`,
    });
  const what = `The manifest of ${id}`;
  if (sha256(bytes) !== found.manifest.sha256) throw damaged(what, 'is not what was written: its digest differs');
  const parsed = manifestSchema.safeParse(parseJson(bytes));
  if (!parsed.success || parsed.data.id !== id || parsed.data.platform !== platform)
    throw damaged(what, 'is of another version, platform or shape', parsed.error);
  return parsed.data;
}

/** SHA-256 of a point's manifest, as its key says; undefined: there is none. */
export async function manifestDigest(
  storage: ObjectStorage,
  platform: PlatformName,
  id: RecoveryPointId,
): Promise<string | undefined> {
  return (await findManifest(storage, platform, id))?.manifest.sha256;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function findManifest(storage: ObjectStorage, platform: PlatformName, id: RecoveryPointId) {
  const folder = pointObjectKey(platform, id, '');
  const found: { key: string; manifest: ManifestKey }[] = [];
  for await (const { key, bytes } of storage.list(`${folder}manifest~`)) {
    const object = parsePointObject(key.slice(folder.length));
    if (object.kind === 'manifest' && bytes > 0) found.push({ key, manifest: object.manifest });
  }
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1))[0];
}

function figures(
  { startedAt, finishedAt, stores, streams = [] }: RecoveryPointManifest,
  bytes: Uint8Array,
): ManifestKey {
  const sum = (of: (store: (typeof stores)[number]) => number) => stores.reduce((total, store) => total + of(store), 0);
  // A dump is written anew each time: all of it is new.
  const streamed = streams.reduce((total, { totalBytes }) => total + totalBytes, 0);
  return {
    startedAt,
    durationSeconds: Math.max(0, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)),
    totalBytes: sum(({ totalBytes }) => totalBytes) + streamed,
    incrementalBytes: sum(({ incrementalBytes }) => incrementalBytes) + streamed,
    indices: sum(({ indices }) => indices),
    // The sum of some would look like the sum of all.
    ...(stores.every(({ documents }) => documents !== undefined) && {
      documents: sum(({ documents = 0 }) => documents),
    }),
    sha256: sha256(bytes),
  };
}
