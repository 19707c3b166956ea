import type { PlatformName } from '../platform.ts';
import { compactTime, isoTime, runOf, slugOf } from './key-parts.ts';
import type { Place, RecoveryPointId } from './recovery-point.ts';

// Two clusters that write to one repository corrupt it, so a backup asks who wrote last.

/** Says that a cluster may write to the platform's repositories: a restore made it, or a person said so. */
export interface AdmittedWriter {
  /** ISO 8601, UTC. */
  at: string;
  clusterUuid: string;
  /** The run, or `person/<name>`. */
  by: string;
}

/** A recovery point, as far as it says who took it. */
export interface TakenPoint {
  id: RecoveryPointId;
  startedAt: string;
  clusterUuid: string;
  takenOn?: Place;
}

export interface WriterSituation {
  clusterUuid: string;
  /** Absent: the server is reached by an address, wherever it stands. */
  place?: Place;
  /** By the repository's own index; absent: it cannot be read, or does not say. */
  lastWriter?: string;
  /** The newest first, bad and suspect ones too. */
  points: readonly TakenPoint[];
  admitted: readonly AdmittedWriter[];
}

/** Whether a cluster may write, and why; or who wrote last. */
export function judgeWriter(situation: WriterSituation): { why: string } | { otherWriter: string } {
  const { clusterUuid, place, lastWriter, points, admitted } = situation;
  const [newest] = points;
  const writer = lastWriter ?? newest?.clusterUuid;
  if (writer === undefined) return { why: 'nothing says that another cluster wrote to the repository' };
  if (writer === clusterUuid) return { why: 'this cluster wrote last' };
  // Once it has taken a point, it has written last; that another one did since is not what was admitted.
  const word = admitted.find(
    (one) => one.clusterUuid === clusterUuid && (!newest || Date.parse(one.at) > Date.parse(newest.startedAt)),
  );
  if (word) return { why: `${writer} wrote last; this cluster was admitted by ${word.by} at ${word.at}` };
  const before = points.find((point) => point.clusterUuid === writer);
  if (place && isSame(place, before?.takenOn))
    return { why: `${writer} wrote last, and this cluster stands in its place: same engine, same project` };
  return { otherWriter: writer };
}

function isSame(place: Place, other: Place | undefined): boolean {
  return place.engine === other?.engine && place.project === other.project;
}

export function writersPrefix(platform: PlatformName): string {
  return `${platform}/writers/`;
}

export function writerKey(platform: PlatformName, { at, clusterUuid, by }: AdmittedWriter): string {
  return `${writersPrefix(platform)}${compactTime(at)}~${slugOf(clusterUuid)}~${slugOf(by)}`;
}

/** The reverse; undefined when the key is not ours. */
export function parseWriterKey(platform: PlatformName, key: string): AdmittedWriter | undefined {
  const prefix = writersPrefix(platform);
  if (!key.startsWith(prefix)) return undefined;
  const [time = '', uuid = '', slug = '', ...rest] = key.slice(prefix.length).split('~');
  const [at, clusterUuid, by] = [isoTime(time), runOf(uuid), runOf(slug)];
  return at !== undefined && clusterUuid && by && rest.length === 0 ? { at, clusterUuid, by } : undefined;
}
