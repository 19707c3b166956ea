import pLimit from 'p-limit';
import type { ClaimKey } from '../../domain/recovery-points/claims.ts';
import {
  parsePointObject,
  parsePointObjectKey,
  pointObjectKey,
  pointsPrefix,
  type AdoptedKey,
  type ManifestKey,
  type MarkerKey,
} from '../../domain/recovery-points/catalogue-keys.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import type { ObjectStorage, StoredObject } from '../object-storage/object-storage.ts';

const listsAtOnce = 16;

/** All that the keys say about one recovery point. */
export interface PointKeys {
  /** In the order of their keys; the first one counts. */
  manifests: { key: string; manifest: ManifestKey }[];
  markers: MarkerKey[];
  claims: ClaimKey[];
  adopted?: AdoptedKey;
  /** Of every object. */
  keys: string[];
  /** Among them are a torn manifest, or what looks like ours and is not: of a later version, maybe. */
  unknown: boolean;
}

export interface FoundPoints {
  points: Map<RecoveryPointId, PointKeys>;
  /** Keys that were skipped, and why. */
  warnings: string[];
}

/**
 * What lies below the points of a platform, below some of them, or below those whose ids sort behind `after`; no object is
 * read. Failures: the storage's.
 */
export async function readPointKeys(
  storage: ObjectStorage,
  platform: PlatformName,
  { only, after }: { only?: readonly RecoveryPointId[]; after?: RecoveryPointId } = {},
): Promise<FoundPoints> {
  const warnings: string[] = [];
  const points = new Map<RecoveryPointId, PointKeys>();
  const range = after === undefined ? {} : { after: pointObjectKey(platform, after, '') };
  const objects = only ? objectsOf(storage, platform, only) : storage.list(pointsPrefix(platform), range);
  for await (const { key, bytes } of objects) {
    const place = parsePointObjectKey(platform, key);
    if (!place) {
      warnings.push(`skipped ${key}: not an object of the catalogue`);
      continue;
    }
    const found = points.get(place.id) ?? { manifests: [], markers: [], claims: [], keys: [], unknown: false };
    points.set(place.id, found);
    found.keys.push(key);
    const object = parsePointObject(place.name);
    const torn = object.kind === 'manifest' && bytes === 0;
    if (torn) warnings.push(`skipped ${key}: torn, it is empty`);
    if (object.kind === 'foreign') warnings.push(`skipped ${key}: not an object of the catalogue`);
    if (torn || object.kind === 'foreign') found.unknown = true;
    else if (object.kind === 'manifest') found.manifests.push({ key, manifest: object.manifest });
    else if (object.kind === 'marker') found.markers.push(object.marker);
    else if (object.kind === 'claim') found.claims.push(object.claim);
    else if (object.kind === 'adopted') found.adopted = object.adopted;
  }
  for (const { manifests } of points.values()) manifests.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { points, warnings };
}

/** What lies below each of these points: for a few of many, far less than a list of all. */
async function* objectsOf(
  storage: ObjectStorage,
  platform: PlatformName,
  ids: readonly RecoveryPointId[],
): AsyncGenerator<StoredObject> {
  const limit = pLimit(listsAtOnce);
  const lists = ids.map((id) =>
    limit(async () => {
      const objects: StoredObject[] = [];
      for await (const object of storage.list(pointObjectKey(platform, id, ''))) objects.push(object);
      return objects;
    }),
  );
  for (const objects of await Promise.all(lists)) yield* objects;
}
