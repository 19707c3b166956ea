import type { estypes } from '@elastic/elasticsearch';
import { Failure } from '../../../domain/failures.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { attempt, remedyOf } from '../errors.ts';

export type Hit = estypes.SearchHit;

/** Searches in one request, and of them at a time: beside a snapshot, the cluster's clients come first. */
const inOneRequest = 200;
const atATime = 2;

/**
 * One search in each index, in few requests whatever their number; answers in their order, `total` where it was asked
 * for. `what` completes the sentence "Could not …". A search of which a shard does not answer fails.
 */
export async function searchEach(
  client: Client,
  what: string,
  searches: readonly { index: IndexName; body: Record<string, unknown> }[],
): Promise<{ hits: Hit[]; total?: number }[]> {
  const found: { hits: Hit[]; total?: number }[] = [];
  for (let start = 0; start < searches.length; start += inOneRequest) {
    const some = searches.slice(start, start + inOneRequest);
    const { responses } = await attempt(what, () =>
      client.msearch(
        {
          searches: some.flatMap(({ index, body }) => [
            { index, expand_wildcards: 'all' as const, allow_partial_search_results: false },
            body,
          ]),
          max_concurrent_searches: atATime,
        },
        { requestTimeout: 120_000 },
      ),
    );
    found.push(...responses.map((response, place) => answerOf(response, `${what} of ${some[place]?.index ?? ''}`)));
  }
  return found;
}

function answerOf(response: estypes.MsearchResponseItem, what: string): { hits: Hit[]; total?: number } {
  if ('error' in response) throw unanswered(response, what);
  const { total, hits } = response.hits;
  return { hits, ...(total !== undefined && { total: typeof total === 'number' ? total : total.value }) };
}

/** A shard that is away for a moment answers with 503: worth another try. */
function unanswered({ status, error }: estypes.ErrorResponseBase, what: string): Failure {
  const message = `Could not ${what}: ${error.type}: ${error.reason ?? 'no reason given'}`;
  const kind = status === 429 || status >= 502 ? 'ElasticsearchUnreachable' : 'Internal';
  return new Failure(kind, { message, remedy: remedyOf(kind) });
}
