import { createHash } from 'node:crypto';
import type { SampleMark } from '../../domain/expected-set.ts';
import { canonicalJson } from '../../domain/plan.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { Client } from './client.ts';
import { attempt } from './errors.ts';

/** Documents spread over the whole index; the same ones as long as nothing is written. The index must be refreshed. */
export async function chooseSamples(client: Client, index: IndexName, size: number): Promise<SampleMark[]> {
  if (size <= 0) return [];
  return search(client, index, size, {
    function_score: { query: { match_all: {} }, random_score: { seed: 19, field: '_seq_no' }, boost_mode: 'replace' },
  });
}

/**
 * These documents as they are now; those that are gone are left out. By search, not by `_mget`, which would need to
 * know each document's routing.
 */
export async function findSamples(client: Client, index: IndexName, ids: readonly string[]): Promise<SampleMark[]> {
  if (ids.length === 0) return [];
  return search(client, index, ids.length, { ids: { values: [...ids] } });
}

export function contentHash(source: unknown): string {
  return createHash('sha256').update(canonicalJson(source)).digest('hex');
}

async function search(client: Client, index: IndexName, size: number, query: object): Promise<SampleMark[]> {
  const answer = await attempt(`read sample documents of ${index}`, () =>
    client.search(
      { index, size, query, seq_no_primary_term: true, track_total_hits: false, allow_partial_search_results: false },
      { requestTimeout: 120_000 },
    ),
  );
  return answer.hits.hits
    .filter(({ _id: id, _source: source }) => id !== undefined && source !== undefined)
    .map(({ _id: id, _seq_no: seqNo, _source: source }) => ({
      id: id ?? '',
      seqNo: seqNo ?? -1,
      sha256: contentHash(source),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
