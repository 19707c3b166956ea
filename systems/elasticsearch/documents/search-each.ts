import { errors, type estypes } from '@elastic/elasticsearch';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { failureOf } from '../errors.ts';
import { whyUnreadable } from '../unreadable.ts';

export type Hit = estypes.SearchHit;

export interface Search {
  index: IndexName;
  body: Record<string, unknown>;
  /** A longer answer is not read to its end; absent: no limit. */
  mostBytes?: number;
}

/** `unreadable`: why the index answers no search. `tooLong`: the answer was cut off at `mostBytes`. */
export type Answer = { hits: Hit[]; total?: number } | { unreadable: string } | { tooLong: true };

/** Beside a snapshot, the cluster's clients come first. */
const atATime = 2;

/**
 * One search in each index; answers in their order, `total` where it was asked for. Requests of their own rather than one
 * for all: an answer can be cut off, and clusters that allow no explicit index in multi searches answer as well. `what`
 * completes the sentence "Could not …". Fails when a server does not answer, be it for one shard.
 */
export async function searchEach(client: Client, what: string, searches: readonly Search[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async () => {
    for (let place = next++; place < searches.length; place = next++)
      answers[place] = await searchOne(client, what, searches[place] as Search);
  };
  try {
    await Promise.all(Array.from({ length: atATime }, work));
  } catch (error) {
    next = searches.length;
    throw error;
  }
  return answers;
}

async function searchOne(client: Client, what: string, { index, body, mostBytes }: Search): Promise<Answer> {
  try {
    const { hits } = await client.search(
      { index, expand_wildcards: 'all', allow_partial_search_results: false, ...body },
      { requestTimeout: 120_000, ...(mostBytes !== undefined && { maxResponseSize: mostBytes }) },
    );
    const total = typeof hits.total === 'object' ? hits.total.value : hits.total;
    return { hits: hits.hits, ...(total !== undefined && { total }) };
  } catch (error) {
    if (mostBytes !== undefined && error instanceof errors.RequestAbortedError) return { tooLong: true };
    const unreadable = whyUnreadable(error);
    if (unreadable !== undefined) return { unreadable };
    throw failureOf(error, `${what} of ${index}`);
  }
}
