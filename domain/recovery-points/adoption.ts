import { isSystemIndex } from './system-indices.ts';
import type { IndexName, SnapshotName } from '../platform.ts';
import { recoveryPointId, snapshotPrefix, type RecoveryPointId } from './recovery-point.ts';

/** A snapshot as the repository tells it, whoever took it. */
export interface ForeignSnapshot {
  name: SnapshotName;
  state: string;
  indices: IndexName[];
  dataStreams: string[];
  /** ISO 8601, UTC. */
  startTime: string;
  endTime?: string;
  metadata: Record<string, unknown>;
}

/** Why it can be no recovery point, though others may be. */
export interface NotAdopted {
  snapshot: SnapshotName;
  reason: string;
}

/** Words that a choice of recovery point gives a meaning of its own. */
const reserved = ['latest', 'proven', 'before'];

/** Ids in the order of preference: its own name without our prefix, then its time to the minute and to the second. */
export function idsForAdoption({ name, startTime }: Pick<ForeignSnapshot, 'name' | 'startTime'>): RecoveryPointId[] {
  const own = name.startsWith(snapshotPrefix) ? name.slice(snapshotPrefix.length) : name;
  const fits = /^[a-z0-9][a-z0-9._-]{0,99}$/.test(own) && !reserved.includes(own);
  const minute = recoveryPointId(startTime, new Set());
  return [...(fits ? [own] : []), minute, recoveryPointId(startTime, new Set([minute]))];
}

/** Which of the snapshot's indices the store's patterns name; those that back a data stream go with the stream. */
export function indicesOf({ indices, dataStreams }: ForeignSnapshot, patterns: readonly string[]): IndexName[] {
  const streams = dataStreams.filter((stream) => isNamed(stream, patterns));
  const backs = (index: IndexName) => streams.some((stream) => index.startsWith(`.ds-${stream}-`));
  return indices.filter((index) => isNamed(index, patterns) || backs(index)).toSorted();
}

/** As Elasticsearch reads patterns: `*` is any text, a leading `-` takes names away. Its own indices must be named. */
function isNamed(name: string, patterns: readonly string[]): boolean {
  const fits = (pattern: string) => new RegExp(`^${pattern.split('*').map(quoted).join('.*')}$`, 's').test(name);
  const wanted = patterns.filter((pattern) => !pattern.startsWith('-'));
  if (patterns.some((pattern) => pattern.startsWith('-') && fits(pattern.slice(1)))) return false;
  return wanted.includes(name) || (!isSystemIndex(name) && wanted.some(fits));
}

const quoted = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Undefined: it can be adopted. */
export function whyNotAdopted(snapshot: ForeignSnapshot, patterns: readonly string[]): string | undefined {
  if (snapshot.state === 'IN_PROGRESS') return 'it is being taken';
  if (snapshot.state !== 'SUCCESS') return `it is ${snapshot.state}: shards are missing from it`;
  if (indicesOf(snapshot, patterns).length === 0)
    return `none of its ${snapshot.indices.length} indices is one of ${patterns.join(', ')}`;
  return undefined;
}

/** Who took it, as far as its metadata tells. */
export function takenByOf({ takenBy, run, policy }: Record<string, unknown>): string {
  const told = (value: unknown) => (typeof value === 'string' ? value.replaceAll(/\p{Cc}/gu, ' ').slice(0, 120) : '');
  if (takenBy === 'rekindle') return `Rekindle${told(run) === '' ? '' : ` (${told(run)})`}`;
  return told(policy) === '' ? 'others' : `SLM policy ${told(policy)}`;
}
