import type { IndexName } from '../platform.ts';
import type { Settings } from './hindering-settings.ts';
import type { CatalogueObject, DocumentCount, ExpectedIndex, ExpectedSet, StoreArtefact } from './recovery-point.ts';

/** The state of each index around a snapshot: once before it started and once after it ended. Plain JSON. */
export type Marks = Record<IndexName, IndexMarks>;

export interface IndexMarks {
  /** Changes when an index is deleted and created again under its name. */
  uuid: string;
  state: 'open' | 'closed';
  primaries: number;
  aliases: string[];
  replicas: number;
  /** The major version of Elasticsearch that created it; absent: not known. */
  createdWith?: number;
  /** Those that would hinder a restore. */
  settings: Settings;
  /** `max_seq_no` of each primary, by shard number: it grows by one with every operation. */
  seqNos: number[];
  /** Taken after `seqNos` before the snapshot, and before `seqNos` after it, so they bound the moment of the count. */
  count: number;
  /** Why its documents cannot be counted: then `count` and `seqNos` mean nothing. */
  uncounted?: string;
  samples: SampleMark[];
}

/** The part that shows how much was written. */
export type OperationMarks = Record<IndexName, Pick<IndexMarks, 'uuid' | 'seqNos' | 'count'>>;

export interface SampleMark {
  id: string;
  seqNo: number;
  /** Over the canonical JSON of `_source`. */
  sha256: string;
}

/**
 * What a restore of the snapshot must bring back. An operation changes a count by at most one, so the difference of the
 * sequence numbers bounds how far the snapshot's count is from the counts beside it; equal numbers make it exact.
 * Samples count only where the document's `_seq_no` stayed: then the snapshot holds that very content.
 */
export function expectedIndices(before: Marks, after: Marks): ExpectedIndex[] {
  return Object.entries(before)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, first]) => {
      const last = after[name];
      const replaced = last?.uuid !== first.uuid;
      const uncounted = first.uncounted ?? last?.uncounted;
      return {
        name,
        state: first.state,
        primaries: first.primaries,
        // An alias added or removed during the snapshot may or may not be in it.
        aliases: last === undefined ? [] : first.aliases.filter((alias) => last.aliases.includes(alias)),
        replicas: first.replicas,
        ...(first.createdWith !== undefined && { createdWith: first.createdWith }),
        ...(Object.keys(first.settings).length > 0 && { settings: first.settings }),
        ...(uncounted === undefined ? { documents: replaced ? anyCount : countRange(first, last) } : { uncounted }),
        samples: replaced ? [] : unchangedSamples(first, last),
        ...(replaced || uncounted !== undefined
          ? {}
          : {
              operations: {
                uuid: first.uuid,
                before: operationsOf(first.seqNos),
                after: operationsOf(last.seqNos),
              },
            }),
      };
    });
}

/** What the manifest says of a store; `object`: where the catalogue keeps the set. */
export function artefactOf(
  expected: ExpectedSet,
  object: CatalogueObject,
  { globalState = true }: { globalState?: boolean } = {},
): StoreArtefact {
  const {
    store,
    snapshot,
    repository,
    clusterUuid,
    indices,
    shards,
    totalBytes,
    incrementalBytes,
    featureStates,
    leftOut,
  } = expected;
  return {
    store,
    kind: 'elasticsearch',
    snapshot,
    repository,
    indices: indices.length,
    ...(isCounted(indices) && { documents: leastDocuments(indices) }),
    shards,
    totalBytes,
    incrementalBytes,
    expectedSet: object,
    ...(clusterUuid !== undefined && { clusterUuid }),
    ...(!globalState && { globalState: 'none' as const }),
    ...(featureStates && { featureStates: featureStates.map(({ name }) => name) }),
    ...(leftOut && { leftOut }),
  };
}

/** Every index whose files the snapshot must hold: those of feature states, too. */
export function heldIndices({ indices, systemIndices = [] }: ExpectedSet): Pick<ExpectedIndex, 'name' | 'primaries'>[] {
  return [...indices, ...systemIndices];
}

/** False for a snapshot that others took: it does not tell how many documents it holds. Of some indices nothing may. */
export function isCounted(indices: readonly ExpectedIndex[]): boolean {
  return indices.length === 0 || indices.some(({ documents }) => documents !== undefined);
}

/** `nuvla-x: index.blocks.read is set`, of each index whose documents a backup could not count. */
export function uncountedIndices(indices: readonly ExpectedIndex[]): string[] {
  return indices.flatMap(({ name, uncounted }) => (uncounted === undefined ? [] : [`${name}: ${uncounted}`]));
}

/** By index, the major version that created it; undefined where the point does not tell it of all. */
export function createdWith({ indices }: Pick<ExpectedSet, 'indices'>): Record<IndexName, number> | undefined {
  const known = indices.flatMap(({ name, createdWith: major }) =>
    major === undefined ? [] : [[name, major] as const],
  );
  return known.length === indices.length ? Object.fromEntries(known) : undefined;
}

export function leastDocuments(indices: readonly ExpectedIndex[]): number {
  return indices.reduce((sum, { documents }) => sum + (documents?.atLeast ?? 0), 0);
}

/** How many operations an index has seen: `max_seq_no` counts from 0, and is -1 for a shard that has seen none. */
export function operationsOf(seqNos: readonly number[]): number {
  return seqNos.reduce((sum, seqNo) => sum + seqNo + 1, 0);
}

const anyCount: DocumentCount = { atLeast: 0, atMost: Number.MAX_SAFE_INTEGER };

function countRange(before: IndexMarks, after: IndexMarks): DocumentCount {
  if (before.seqNos.length !== after.seqNos.length) return anyCount;
  const operations = after.seqNos.reduce((sum, seqNo, shard) => sum + seqNo - (before.seqNos[shard] ?? 0), 0);
  if (operations < 0) return anyCount;
  return {
    atLeast: Math.max(0, before.count - operations, after.count - operations),
    atMost: Math.min(before.count, after.count) + operations,
  };
}

function unchangedSamples(before: IndexMarks, after: IndexMarks): ExpectedIndex['samples'] {
  const later = new Map(after.samples.map((sample) => [sample.id, sample]));
  return before.samples
    .filter(({ id, seqNo, sha256 }) => later.get(id)?.seqNo === seqNo && later.get(id)?.sha256 === sha256)
    .map(({ id, sha256 }) => ({ id, sha256 }));
}
