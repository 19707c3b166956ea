import { isNamed, quoted } from './index-patterns.ts';
import type { IndexName, SnapshotName } from '../platform.ts';
import type { FeatureState } from './features.ts';
import { recoveryPointId, snapshotPrefix, type ExpectedStream, type RecoveryPointId } from './recovery-point.ts';

/** A snapshot as the repository reports it, whoever took it. */
export interface ForeignSnapshot {
  name: SnapshotName;
  state: string;
  indices: IndexName[];
  dataStreams: string[];
  featureStates: FeatureState[];
  /** ISO 8601, UTC. */
  startTime: string;
  endTime?: string;
  metadata: Record<string, unknown>;
}

/** Why this snapshot cannot become a recovery point. */
export interface NotAdopted {
  snapshot: SnapshotName;
  reason: string;
}

/** Words that have a meaning of their own wherever a recovery point is chosen. */
const reserved = ['latest', 'proven', 'before'];

/** Ids in the order of preference: its own name without our prefix, then its time to the minute and to the second. */
export function idsForAdoption({ name, startTime }: Pick<ForeignSnapshot, 'name' | 'startTime'>): RecoveryPointId[] {
  const own = name.startsWith(snapshotPrefix) ? name.slice(snapshotPrefix.length) : name;
  const fits = /^[a-z0-9][a-z0-9._-]{0,99}$/.test(own) && !reserved.includes(own);
  const minute = recoveryPointId(startTime, new Set());
  return [...(fits ? [own] : []), minute, recoveryPointId(startTime, new Set([minute]))];
}

/** The indices of the snapshot that match the store's patterns; backing indices follow their data stream. */
export function indicesOf(
  { indices, dataStreams, featureStates }: ForeignSnapshot,
  patterns: readonly string[],
): IndexName[] {
  // They come back with their feature state, and in no other way.
  const ofFeatures = new Set(featureStates.flatMap((feature) => feature.indices));
  const streams = dataStreams.filter((stream) => isNamed(stream, patterns));
  const backs = (index: IndexName) => streams.some((stream) => index.startsWith(`.ds-${stream}-`));
  return indices.filter((index) => !ofFeatures.has(index) && (isNamed(index, patterns) || backs(index))).toSorted();
}

/** Which of the indices back which data stream, by Elasticsearch's names for them. */
export function streamsByName(dataStreams: readonly string[], indices: readonly IndexName[]): ExpectedStream[] {
  return dataStreams
    .map((name) => {
      // `.ds-<stream>-2026.11.28-000001`: a stream's name may begin with another's.
      const backing = new RegExp(String.raw`^\.ds-${quoted(name)}-(\d{4}\.\d{2}\.\d{2}-)?\d{6,}$`);
      return { name, indices: indices.filter((index) => backing.test(index)).toSorted() };
    })
    .filter((stream) => stream.indices.length > 0);
}

/** Undefined: it can be adopted. */
export function whyNotAdopted(snapshot: ForeignSnapshot, patterns: readonly string[]): string | undefined {
  if (snapshot.state === 'IN_PROGRESS') return 'it is being taken';
  if (snapshot.state !== 'SUCCESS') return `it is ${snapshot.state}: shards are missing from it`;
  if (indicesOf(snapshot, patterns).length === 0)
    return `none of its ${snapshot.indices.length} indices matches ${patterns.join(', ')}`;
  return undefined;
}

/** Who took it, according to its metadata. */
export function takenByOf({ takenBy, run, policy }: Record<string, unknown>): string {
  const text = (value: unknown) => (typeof value === 'string' ? value.replaceAll(/\p{Cc}/gu, ' ').slice(0, 120) : '');
  if (takenBy === 'rekindle') return `Rekindle${text(run) === '' ? '' : ` (${text(run)})`}`;
  return text(policy) === '' ? 'others' : `SLM policy ${text(policy)}`;
}
