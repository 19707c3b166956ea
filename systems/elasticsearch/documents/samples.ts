import { createHash } from 'node:crypto';
import type { SampleMark } from '../../../domain/recovery-points/expected-set.ts';
import { canonicalJson } from '../../../domain/plans/plan.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { searchEach, type Hit } from './search-each.ts';

/** Of each index, documents spread over all of it; the same ones as long as nothing is written. Refreshed indices. */
export async function chooseSamples(
  client: Client,
  indices: readonly IndexName[],
  size: number,
): Promise<Record<IndexName, SampleMark[]>> {
  if (size <= 0) return {};
  const query = {
    function_score: { query: { match_all: {} }, random_score: { seed: 19, field: '_seq_no' }, boost_mode: 'replace' },
  };
  return search(
    client,
    indices.map((index) => ({ index, size, query })),
  );
}

/**
 * These documents of each index as they are now; those that are gone are left out. By search, not by `_mget`, which
 * would need to know each document's routing.
 */
export async function findSamples(
  client: Client,
  wanted: Record<IndexName, readonly string[]>,
): Promise<Record<IndexName, SampleMark[]>> {
  const some = Object.entries(wanted).filter(([, ids]) => ids.length > 0);
  return search(
    client,
    some.map(([index, ids]) => ({ index, size: ids.length, query: { ids: { values: ids } } })),
  );
}

export function contentHash(source: unknown): string {
  return createHash('sha256').update(canonicalJson(source)).digest('hex');
}

async function search(
  client: Client,
  searches: { index: IndexName; size: number; query: object }[],
): Promise<Record<IndexName, SampleMark[]>> {
  const answers = await searchEach(
    client,
    'read sample documents',
    searches.map(({ index, size, query }) => ({
      index,
      body: { size, query, seq_no_primary_term: true, track_total_hits: false },
    })),
  );
  return Object.fromEntries(searches.map(({ index }, place) => [index, marksOf(answers[place]?.hits ?? [])]));
}

function marksOf(hits: Hit[]): SampleMark[] {
  return hits
    .filter(({ _id: id, _source: source }) => id !== undefined && source !== undefined)
    .map(({ _id: id, _seq_no: seqNo, _source: source }) => ({
      id: id ?? '',
      seqNo: seqNo ?? -1,
      sha256: contentHash(source),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
