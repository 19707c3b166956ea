import type { Source } from '../../../domain/queue/source.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { requestTimeout, type Client } from '../client.ts';
import { refresh } from './counts.ts';
import { attempt } from '../errors.ts';
import type { DocumentVersion } from './update-documents.ts';

const slices = 3;
const pageSize = 2_000;
const keepAlive = '5m';

export interface DocumentQuery {
  index: IndexName;
  /** Documents whose `field` holds one of the `values`. */
  having: { field: string; values: string[] };
  /** What is wanted of each document. */
  fields: string[];
  /** Also where each stands and which version it is, to change it later unless others did. */
  versions?: boolean;
}

export interface ReadDocument {
  id: string;
  source: Source;
  version?: DocumentVersion;
}

/**
 * All documents of the query, in batches, however many there are: a point in time, read in slices side by side, each a
 * page ahead of its reader, so that at most six pages are held. In the index's own order, slices mixed: any other would let
 * Elasticsearch look through all documents for each page. Progress in documents. Failures: those of every search; a
 * point in time that Elasticsearch lost is ElasticsearchUnreachable: the reading begins anew.
 */
export async function* readDocuments(
  client: Client,
  { index, having, fields, versions = false }: DocumentQuery,
  watch: Watch = {},
): AsyncGenerator<ReadDocument[]> {
  await refresh(client, [index]);
  const what = `read the documents of ${index}`;
  // `match` finds the word in keyword and in text fields alike.
  const query = { bool: { should: having.values.map((value) => ({ match: { [having.field]: value } })) } };
  const opened = await attempt(what, () => client.openPointInTime({ index, keep_alive: keepAlive }));
  let pit = opened.id;
  const totals: number[] = [];

  const hitParts = ['_id', '_source', 'sort', ...(versions ? ['_index', '_seq_no', '_primary_term'] : [])];
  const search = (slice: number, after: Place | undefined) =>
    attempt(what, async () => {
      const page = await client.search<Source>(
        {
          pit: { id: pit, keep_alive: keepAlive },
          slice: { id: String(slice), max: slices },
          size: pageSize,
          query,
          sort: '_shard_doc',
          ...(after === undefined ? {} : { search_after: after as never }),
          _source: fields,
          seq_no_primary_term: versions,
          track_total_hits: after === undefined,
          allow_partial_search_results: false,
          // Nothing is sent that is not used.
          filter_path: ['pit_id', 'hits.total', ...hitParts.map((part) => `hits.hits.${part}`)],
        },
        { requestTimeout: 2 * requestTimeout, ...(watch.signal && { signal: watch.signal }) },
      );
      pit = page.pit_id ?? pit;
      // A page without hits comes without their list, too.
      const { total, hits = [] } = page.hits as Partial<typeof page.hits>;
      if (typeof total === 'object') totals[slice] = total.value;
      const documents = hits.map((hit): ReadDocument => {
        const { _id: id = '', _index, _source: source = {}, _seq_no, _primary_term } = hit;
        const version = { index: _index, id, if_seq_no: _seq_no ?? 0, if_primary_term: _primary_term ?? 0 };
        return { id, source, ...(versions && { version }) };
      });
      return { documents, last: hits.length < pageSize ? undefined : hits.at(-1)?.sort };
    });

  try {
    let done = 0;
    for await (const batch of asTheyCome(Array.from({ length: slices }, (_, slice) => pages(slice, search)))) {
      watch.signal?.throwIfAborted();
      yield batch;
      done += batch.length;
      const total = totals.reduce((sum, one) => sum + one, 0);
      watch.onProgress?.({ done, total, unit: 'documents', note: `read from ${index}` });
    }
  } finally {
    // It ends after its keep-alive anyway; a failure to close it changes no answer.
    await client.closePointInTime({ id: pit }).catch(() => undefined);
  }
}

type Place = readonly unknown[];
type Search = (slice: number, after: Place | undefined) => Promise<{ documents: ReadDocument[]; last?: Place }>;

/** One slice, page by page; the next is asked for before the last is used up. */
async function* pages(slice: number, search: Search): AsyncGenerator<ReadDocument[], void> {
  let next: ReturnType<Search> | undefined = search(slice, undefined);
  while (next) {
    const { documents, last }: Awaited<ReturnType<Search>> = await next;
    next = last && search(slice, last);
    // Whoever stops reading leaves it behind.
    next?.catch(() => undefined);
    if (documents.length > 0) yield documents;
  }
}

/** Several sources as one, each batch when it is there. */
async function* asTheyCome<T>(sources: AsyncGenerator<T, void>[]): AsyncGenerator<T> {
  const take = async (source: AsyncGenerator<T, void>) => ({ source, next: await source.next() });
  const waiting = new Map(sources.map((source) => [source, take(source)]));
  // What fails while another one is being used is thrown when its turn comes.
  for (const one of waiting.values()) one.catch(() => undefined);
  while (waiting.size > 0) {
    const { source, next } = await Promise.race(waiting.values());
    waiting.delete(source);
    if (next.done === true) continue;
    yield next.value;
    const following = take(source);
    following.catch(() => undefined);
    waiting.set(source, following);
  }
}
