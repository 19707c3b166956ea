import type { FeatureState } from './features.ts';
import type { Settings } from './hindering-settings.ts';
import type { SnapshotName, StoreName, IndexName } from '../platform.ts';

/** What a restored Elasticsearch must hold. Written by the backup, read by preflight and by the check after a restore. */
export interface ExpectedSet {
  version: 1;
  store: StoreName;
  snapshot: SnapshotName;
  repository: string;
  /** The cluster that took the snapshot; absent: not known. */
  clusterUuid?: string;
  elasticsearchVersion: string;
  /** How many nodes the cluster had; absent: not known. */
  nodes?: number;
  /** The snapshot's start: what was written later may be missing. ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  shards: number;
  /** Bytes of all files the snapshot refers to, and of those it added to the repository. */
  totalBytes: number;
  incrementalBytes: number;
  indices: ExpectedIndex[];
  /** Names of what the global state holds and a restore onto an emptied cluster brings back; absent: not known. */
  globalState?: { indexTemplates: string[]; ingestPipelines: string[] };
  /** Elasticsearch's own indices that the snapshot holds, by feature; absent: not known. */
  featureStates?: FeatureState[];
  /** The indices of the feature states, as far as they were still there after the snapshot. */
  systemIndices?: Pick<ExpectedIndex, 'name' | 'primaries'>[];
  /** Elasticsearch's own indices that it does not hold, since the platform file wanted so. */
  leftOut?: IndexName[];
  dataStreams?: ExpectedStream[];
  /** The kind of realm that knew the platform file's user (`native`, `file`, `reserved`); absent: not known, or no user. */
  userRealm?: string;
  /** Of the persistent settings, those that would hinder a restore; absent: not known. */
  clusterSettings?: Settings;
}

export interface ExpectedStream {
  name: string;
  /** Those in the snapshot, oldest first; the last one is written to. */
  indices: IndexName[];
  /** Grows by one with every new index; absent: a new one came while the snapshot ran. */
  generation?: number;
  /** The index template that makes its indices. */
  template?: string;
}

export interface ExpectedIndex {
  name: IndexName;
  /** As it must be after a restore. */
  state: 'open' | 'closed';
  primaries: number;
  /** Those that it must have; it may have others. */
  aliases: string[];
  /** Absent: not known, as of an adopted snapshot. */
  replicas?: number;
  /** The major version of Elasticsearch that created it; absent: not known. */
  createdWith?: number;
  /** Those that would hinder a restore: left out of it, and put back after it. */
  settings?: Settings;
  /** Absent: not known, since others took the snapshot, or since the index could not be counted. */
  documents?: DocumentCount;
  /** Why the backup could not count its documents: `index.blocks.read is set`. */
  uncounted?: string;
  samples: DocumentSample[];
  /** Operations that the index had seen before and after the snapshot: a forecast derives from them what came later. */
  operations?: { uuid: string; before: number; after: number };
}

/** Exact when no operation reached the index while the snapshot ran (equal sequence numbers), else a sound range. */
export interface DocumentCount {
  atLeast: number;
  atMost: number;
}

/** Documents whose `_seq_no` did not change while the snapshot ran; `sha256` is over the canonical JSON of `_source`. */
export interface DocumentSample {
  id: string;
  sha256: string;
}
