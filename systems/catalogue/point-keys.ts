import type { ClaimKey } from '../../domain/claim.ts';
import {
  parsePointObject,
  parsePointObjectKey,
  pointObjectKey,
  pointsPrefix,
  type AdoptedKey,
  type ManifestKey,
  type MarkerKey,
} from '../../domain/catalogue-keys.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointId } from '../../domain/recovery-point.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';

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
 * What lies below the points of a platform, below one of them, or below those whose ids sort behind `after`; no object is
 * read. Failures: the storage's.
 */
export async function readPointKeys(
  storage: ObjectStorage,
  platform: PlatformName,
  { only, after }: { only?: RecoveryPointId; after?: RecoveryPointId } = {},
): Promise<FoundPoints> {
  const warnings: string[] = [];
  const points = new Map<RecoveryPointId, PointKeys>();
  const prefix = only === undefined ? pointsPrefix(platform) : pointObjectKey(platform, only, '');
  const range = after === undefined ? {} : { after: pointObjectKey(platform, after, '') };
  for await (const { key, bytes } of storage.list(prefix, range)) {
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
