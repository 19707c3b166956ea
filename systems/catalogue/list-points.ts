import pLimit from 'p-limit';
import {
  parsePointObject,
  parsePointObjectKey,
  pointObjectKey,
  pointsPrefix,
  type ManifestKey,
  type MarkerKey,
} from '../../domain/catalogue-keys.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { RecoveryPointId, RecoveryPointSummary } from '../../domain/recovery-point.ts';
import type { ObjectStorage, StoredObject } from '../object-storage/object-storage.ts';

const listsAtOnce = 16;

export interface PointList {
  /** Newest first. */
  points: RecoveryPointSummary[];
  /** Ids under which something lies but no manifest: a backup that runs, or one that died. */
  unfinished: RecoveryPointId[];
  /** Ids whose deletion was interrupted when the manifest was gone already; absent: there are none. */
  halfRemoved?: RecoveryPointId[];
  /** Keys that were skipped, and why. */
  warnings: string[];
}

/** All that the keys say about one recovery point. */
interface PointKeys {
  manifests: { key: string; manifest: ManifestKey }[];
  markers: MarkerKey[];
}

/**
 * The recovery points of a platform, all or only some, from keys alone: no object is read. Failures: those of the
 * storage.
 */
export async function listPoints(
  storage: ObjectStorage,
  platform: PlatformName,
  only?: readonly RecoveryPointId[],
): Promise<PointList> {
  const warnings: string[] = [];
  const found = new Map<RecoveryPointId, PointKeys>();
  for await (const { key, bytes } of only ? objectsOf(storage, platform, only) : storage.list(pointsPrefix(platform))) {
    const place = parsePointObjectKey(platform, key);
    const object = place && parsePointObject(place.name);
    if (!place || !object || object.kind === 'foreign') {
      warnings.push(`skipped ${key}: not an object of the catalogue`);
      continue;
    }
    const keys = found.get(place.id) ?? { manifests: [], markers: [] };
    found.set(place.id, keys);
    if (object.kind === 'marker') keys.markers.push(object.marker);
    if (object.kind !== 'manifest') continue;
    if (bytes === 0) warnings.push(`skipped ${key}: torn, it is empty`);
    else keys.manifests.push({ key, manifest: object.manifest });
  }
  const points: RecoveryPointSummary[] = [];
  const unfinished: RecoveryPointId[] = [];
  const halfRemoved: RecoveryPointId[] = [];
  for (const [id, { manifests, markers }] of found) {
    const [first, ...others] = manifests.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    for (const { key } of others) warnings.push(`skipped ${key}: ${id} has another manifest`);
    if (first) points.push(summaryOf(id, first.manifest, markers));
    else if (markers.some(({ marker }) => marker === 'deleting')) halfRemoved.push(id);
    else unfinished.push(id);
  }
  return {
    points: points.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt) || b.id.localeCompare(a.id)),
    unfinished: unfinished.toSorted(),
    ...(halfRemoved.length > 0 && { halfRemoved: halfRemoved.toSorted() }),
    warnings,
  };
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
  yield* (await Promise.all(lists)).flat();
}

function summaryOf(id: RecoveryPointId, manifest: ManifestKey, markers: readonly MarkerKey[]): RecoveryPointSummary {
  const { startedAt, durationSeconds, totalBytes, incrementalBytes, indices, documents } = manifest;
  const has = (marker: MarkerKey['marker']) => markers.some((candidate) => candidate.marker === marker);
  const provenAt = markers
    .filter(({ marker }) => marker === 'proven')
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  const pinnedBy = markers.filter(({ marker }) => marker === 'pinned').map(({ run }) => run);
  return {
    id,
    startedAt,
    durationSeconds,
    totalBytes,
    incrementalBytes,
    indices,
    documents,
    ...(provenAt !== undefined && { provenAt }),
    pinned: pinnedBy.length > 0,
    ...(pinnedBy.length > 0 && { pinnedBy: [...new Set(pinnedBy)].toSorted() }),
    bad: has('bad'),
    deleting: has('deleting'),
  };
}
