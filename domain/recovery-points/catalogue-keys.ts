import { parseClaim, type ClaimKey } from './claims.ts';
import { compactTime, isoTime, runOf, slugOf } from './key-parts.ts';
import type { PlatformName, SnapshotName } from '../platform.ts';
import type { RecoveryPointId } from './recovery-point.ts';

/** The manifest's key holds what a list of recovery points shows. */
export interface ManifestKey {
  /** ISO 8601, UTC, to the second or finer: `2026-11-21T09:30:12.345Z`. */
  startedAt: string;
  durationSeconds: number;
  totalBytes: number;
  incrementalBytes: number;
  indices: number;
  /** Absent: unknown. */
  documents?: number;
  /** SHA-256 of the manifest, hexadecimal: proves it whole when it is read. */
  sha256: string;
}

export const markers = ['proven', 'pinned', 'bad', 'suspect', 'accepted', 'deleting'] as const;
/** Small objects beside a manifest that record what happened to its recovery point since. */
export type Marker = (typeof markers)[number];

/** Those that hold a note: what made the point suspect or bad, why it was accepted. The others are empty. */
export const notedMarkers: ReadonlySet<Marker> = new Set(['suspect', 'accepted', 'bad']);

export interface MarkerKey {
  marker: Marker;
  /** ISO 8601, UTC. */
  at: string;
  /** Which run set it. */
  run: string;
}

/** A marker with the note that it holds. */
export interface MarkerNote extends MarkerKey {
  note?: string;
}

/** Names the foreign snapshot behind an adopted point; an empty object. */
export interface AdoptedKey {
  /** When it was adopted; ISO 8601, UTC. */
  at: string;
  snapshot: SnapshotName;
}

/** What the name of an object below a recovery point means to a list. */
export type PointObject =
  | { kind: 'manifest'; manifest: ManifestKey }
  | { kind: 'marker'; marker: MarkerKey }
  | { kind: 'claim'; claim: ClaimKey }
  | { kind: 'adopted'; adopted: AdoptedKey }
  | { kind: 'object' }
  /** It resembles one of the above but is not ours. */
  | { kind: 'foreign' };

/** Stands for an unknown number. */
const unknown = '-';

export function pointsPrefix(platform: PlatformName): string {
  return `${platform}/points/`;
}

/** Where an object of a recovery point lies: `nuvla/points/2026-11-21t0930z/capture.age`. */
export function pointObjectKey(platform: PlatformName, id: RecoveryPointId, name: string): string {
  return `${pointsPrefix(platform)}${id}/${name}`;
}

/** The reverse; undefined when the key is not below a recovery point of this platform. */
export function parsePointObjectKey(
  platform: PlatformName,
  key: string,
): { id: RecoveryPointId; name: string } | undefined {
  const prefix = pointsPrefix(platform);
  if (!key.startsWith(prefix)) return undefined;
  const match = /^([a-z0-9][a-z0-9._-]*)\/(.+)$/s.exec(key.slice(prefix.length));
  return match?.[1] !== undefined && match[2] !== undefined ? { id: match[1], name: match[2] } : undefined;
}

export function manifestName(manifest: ManifestKey): string {
  const { startedAt, durationSeconds, totalBytes, incrementalBytes, indices, documents, sha256 } = manifest;
  const numbers = [durationSeconds, totalBytes, incrementalBytes, indices].map(wholeNumber);
  const counted = documents === undefined ? unknown : wholeNumber(documents);
  return `manifest~${compactTime(startedAt)}~${numbers.join('~')}~${counted}~${sha256}.json`;
}

export function markerName({ marker, at, run }: MarkerKey): string {
  return `${marker}~${compactTime(at)}~${slugOf(run)}`;
}

export function adoptedName({ at, snapshot }: AdoptedKey): string {
  return `adopted~${compactTime(at)}~${slugOf(snapshot)}`;
}

export function parsePointObject(name: string): PointObject {
  const [word = '', ...rest] = name.split('~');
  if (word === 'manifest') {
    const manifest = parseManifest(rest);
    return manifest ? { kind: 'manifest', manifest } : { kind: 'foreign' };
  }
  if (word === 'claim') {
    const claim = parseClaim(rest);
    return claim ? { kind: 'claim', claim } : { kind: 'foreign' };
  }
  if (word === 'adopted') {
    const [at, snapshot] = [isoTime(rest[0] ?? ''), runOf(rest[1] ?? '')];
    if (rest.length !== 2 || at === undefined || !snapshot) return { kind: 'foreign' };
    return { kind: 'adopted', adopted: { at, snapshot } };
  }
  const marker = markers.find((candidate) => candidate === word);
  if (!marker) return { kind: 'object' };
  const [at = '', slug = ''] = rest;
  const time = isoTime(at);
  const run = runOf(slug);
  if (rest.length !== 2 || time === undefined || run === undefined) return { kind: 'foreign' };
  return { kind: 'marker', marker: { marker, at: time, run } };
}

export function reportsPrefix(platform: PlatformName): string {
  return `${platform}/reports/`;
}

export function reportKey(platform: PlatformName, run: string): string {
  return `${reportsPrefix(platform)}${slugOf(run)}.json`;
}

/** The run whose report this is; undefined for other keys. */
export function parseReportKey(platform: PlatformName, key: string): string | undefined {
  const prefix = reportsPrefix(platform);
  if (!key.startsWith(prefix) || !key.endsWith('.json')) return undefined;
  const slug = key.slice(prefix.length, -'.json'.length);
  return slug === '' ? undefined : runOf(slug);
}

export function runObjectsPrefix(platform: PlatformName): string {
  return `${platform}/runs/`;
}

/** The key of an object that a run needs for its rollback. */
export function runObjectKey(platform: PlatformName, run: string, name: string): string {
  return `${runObjectsPrefix(platform)}${slugOf(run)}/${name}`;
}

/** The run that owns this key; undefined when it is not ours. */
export function parseRunObjectKey(platform: PlatformName, key: string): string | undefined {
  const prefix = runObjectsPrefix(platform);
  const [slug = '', ...name] = key.startsWith(prefix) ? key.slice(prefix.length).split('/') : [];
  return slug === '' || name.length === 0 ? undefined : runOf(slug);
}

function parseManifest(parts: readonly string[]): ManifestKey | undefined {
  const [time = '', duration = '', total = '', incremental = '', indices = '', documents = '', last = ''] = parts;
  const startedAt = isoTime(time);
  const sha256 = /^([0-9a-f]{64})\.json$/.exec(last)?.[1];
  const numbers = [duration, total, incremental, indices, ...(documents === unknown ? [] : [documents])];
  if (parts.length !== 7 || startedAt === undefined || sha256 === undefined) return undefined;
  if (!numbers.every((text) => /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text)))) return undefined;
  return {
    startedAt,
    durationSeconds: Number(duration),
    totalBytes: Number(total),
    incrementalBytes: Number(incremental),
    indices: Number(indices),
    ...(documents !== unknown && { documents: Number(documents) }),
    sha256,
  };
}

function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`Not a whole number: ${value}`);
  return value;
}
