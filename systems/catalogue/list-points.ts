import {
  markerName,
  notedMarkers,
  pointObjectKey,
  pointsPrefix,
  type ManifestKey,
  type MarkerKey,
  type MarkerNote,
} from '../../domain/recovery-points/catalogue-keys.ts';
import type { PlatformName } from '../../domain/platform.ts';
import {
  recoveryPointId,
  type RecoveryPointId,
  type RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { readPointKeys, type PointKeys } from './point-keys.ts';

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

/**
 * The recovery points of a platform, all or only some, from keys alone: no object is read. Failures: those of the
 * storage.
 */
export async function listPoints(
  storage: ObjectStorage,
  platform: PlatformName,
  only?: readonly RecoveryPointId[],
): Promise<PointList> {
  const found = await readPointKeys(storage, platform, { only });
  const warnings = [...found.warnings];
  const points: RecoveryPointSummary[] = [];
  const unfinished: RecoveryPointId[] = [];
  const halfRemoved: RecoveryPointId[] = [];
  for (const [id, keys] of found.points) {
    const summary = summaryOf(id, keys);
    if (summary) points.push(summary);
    else if (keys.markers.some(({ marker }) => marker === 'deleting')) halfRemoved.push(id);
    else unfinished.push(id);
    for (const { key } of keys.manifests.slice(1)) warnings.push(`skipped ${key}: ${id} has another manifest`);
  }
  return {
    points: points.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt) || b.id.localeCompare(a.id)),
    unfinished: unfinished.toSorted(),
    ...(halfRemoved.length > 0 && { halfRemoved: halfRemoved.toSorted() }),
    warnings,
  };
}

/**
 * Those whose ids say that they began at `since` (ISO 8601, UTC) or later: mostly one page of keys, however many points
 * there are. An id may be another's snapshot name, which says nothing of its time. Failures: those of the storage.
 */
export function listPointsSince(storage: ObjectStorage, platform: PlatformName, since: string): Promise<PointList> {
  const after = `${pointsPrefix(platform)}${recoveryPointId(since, new Set())}`;
  return listPoints({ ...storage, list: (prefix) => storage.list(prefix, { after }) }, platform);
}

/** One point with every marker, and what is noted in it; undefined: there is none of this id. */
export async function findPoint(
  storage: ObjectStorage,
  platform: PlatformName,
  id: RecoveryPointId,
): Promise<{ summary: RecoveryPointSummary; markers: MarkerNote[] } | undefined> {
  const keys = (await readPointKeys(storage, platform, { only: [id] })).points.get(id);
  const summary = keys && summaryOf(id, keys);
  if (!keys || !summary) return undefined;
  const noted = keys.markers.map(async (marker): Promise<MarkerNote> => {
    if (!notedMarkers.has(marker.marker)) return marker;
    const bytes = await storage.get(pointObjectKey(platform, id, markerName(marker)));
    return { ...marker, note: new TextDecoder().decode(bytes) };
  });
  return { summary, markers: (await Promise.all(noted)).toSorted((a, b) => (a.at < b.at ? -1 : 1)) };
}

/** Undefined: no manifest, so no recovery point. */
function summaryOf(id: RecoveryPointId, { manifests, markers, adopted }: PointKeys): RecoveryPointSummary | undefined {
  const manifest: ManifestKey | undefined = manifests[0]?.manifest;
  if (!manifest) return undefined;
  const { startedAt, durationSeconds, totalBytes, incrementalBytes, indices, documents } = manifest;
  const has = (marker: MarkerKey['marker']) => markers.some((candidate) => candidate.marker === marker);
  const proof = markers
    .filter(({ marker }) => marker === 'proven')
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .at(-1);
  const pinnedBy = markers.filter(({ marker }) => marker === 'pinned').map(({ run }) => run);
  return {
    id,
    startedAt,
    durationSeconds,
    totalBytes,
    incrementalBytes,
    indices,
    ...(documents !== undefined && { documents }),
    ...(adopted && { adopted }),
    ...(proof && { provenAt: proof.at, provenBy: proof.run }),
    pinned: pinnedBy.length > 0,
    ...(pinnedBy.length > 0 && { pinnedBy: [...new Set(pinnedBy)].toSorted() }),
    bad: has('bad'),
    ...(has('suspect') && !has('accepted') && { suspect: true as const }),
    deleting: has('deleting'),
  };
}
