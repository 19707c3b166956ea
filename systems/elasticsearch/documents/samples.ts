import { createHash } from 'node:crypto';
import type { SampleMark } from '../../../domain/recovery-points/expected-set.ts';
import { canonicalJson } from '../../../domain/plans/plan.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { bytesPerDocument } from './counts.ts';
import { searchEach, type Answer, type Hit, type Search } from './search-each.ts';

/** The longest answer that is read to its end: a document that is longer is no sample. */
const mostBytes = 4 * 2 ** 20;
/** What one answer should hold, judged by the documents' size on disk, where they are compressed. */
const aimedBytes = 2 ** 20;

/**
 * Of each index, documents spread over all of it; the same ones as long as nothing is written. Refreshed indices. Which
 * ones is asked first, their content then: it may be of many megabytes. An index that answers no search has none.
 */
export async function chooseSamples(
  client: Client,
  indices: readonly IndexName[],
  size: number,
): Promise<Record<IndexName, SampleMark[]>> {
  if (size <= 0) return {};
  const query = {
    function_score: { query: { match_all: {} }, random_score: { seed: 19, field: '_seq_no' }, boost_mode: 'replace' },
  };
  const body = { size, query, _source: false, track_total_hits: false };
  const answers = await searchEach(
    client,
    'choose sample documents',
    indices.map((index) => ({ index, body })),
  );
  return findSamples(
    client,
    Object.fromEntries(
      indices.map((index, place) => [
        index,
        hitsOf(answers[place]).flatMap(({ _id: id }) => (id === undefined ? [] : [id])),
      ]),
    ),
  );
}

/**
 * These documents of each index as they are now; those that are gone or too long are left out. By search, not by `_mget`,
 * which would need to know each document's routing.
 */
export async function findSamples(
  client: Client,
  wanted: Record<IndexName, readonly string[]>,
): Promise<Record<IndexName, SampleMark[]>> {
  const some = Object.entries(wanted).filter(([, ids]) => ids.length > 0);
  const sizes = await bytesPerDocument(
    client,
    some.map(([index]) => index),
  );
  const batches = some.flatMap(([index, ids]) => {
    const inOne = Math.max(1, Math.floor(aimedBytes / Math.max(1, sizes[index] ?? aimedBytes)));
    return batchesOf(ids, inOne).map((batch) => ({ index, ids: batch }));
  });
  const found: Record<IndexName, SampleMark[]> = Object.fromEntries(some.map(([index]) => [index, []]));
  const answers = await searchDocuments(client, batches);
  for (const [place, { index }] of batches.entries()) found[index]?.push(...marksOf(hitsOf(answers[place])));
  // Documents differ: where a batch was too long, each of its documents is asked for alone.
  const alone = batches.flatMap(({ index, ids }, place) => {
    const answer = answers[place];
    const again = answer !== undefined && 'tooLong' in answer && ids.length > 1;
    return again ? ids.map((id) => ({ index, ids: [id] })) : [];
  });
  const rest = await searchDocuments(client, alone);
  for (const [place, { index }] of alone.entries()) found[index]?.push(...marksOf(hitsOf(rest[place])));
  for (const marks of Object.values(found)) marks.sort((a, b) => (a.id < b.id ? -1 : 1));
  return found;
}

export function contentHash(source: unknown): string {
  return createHash('sha256').update(canonicalJson(source)).digest('hex');
}

function batchesOf(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, batch) =>
    ids.slice(batch * size, (batch + 1) * size),
  );
}

function searchDocuments(client: Client, batches: readonly { index: IndexName; ids: string[] }[]): Promise<Answer[]> {
  const searches = batches.map(({ index, ids }): Search => ({
    index,
    mostBytes,
    body: { size: ids.length, query: { ids: { values: ids } }, seq_no_primary_term: true, track_total_hits: false },
  }));
  return searchEach(client, 'read sample documents', searches);
}

function hitsOf(answer: Answer | undefined): Hit[] {
  return answer !== undefined && 'hits' in answer ? answer.hits : [];
}

function marksOf(hits: Hit[]): SampleMark[] {
  return hits
    .filter(({ _id: id, _source: source }) => id !== undefined && source !== undefined)
    .map(({ _id: id, _seq_no: seqNo, _source: source }) => ({
      id: id ?? '',
      seqNo: seqNo ?? -1,
      sha256: contentHash(source),
    }));
}
