import type { Source } from '../../domain/queue/rules.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { Watch } from '../watch.ts';
import { requestTimeout, type Client } from './client.ts';
import { refresh } from './counts.ts';
import { attempt } from './errors.ts';
import type { DocumentVersion } from './update-documents.ts';

const slices = 3;
const pageSize = 5_000;
const keepAlive = '5m';

export interface DocumentQuery {
  index: IndexName;
  /** Documents whose `field` holds one of the `values`. */
  having: { field: string; values: string[] };
  /** Ascending, the first decides; a field of text is ordered by its `.keyword`. */
  order: string[];
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

type SortValue = string | number | boolean | null;
interface Hit extends ReadDocument {
  sort: SortValue[];
}

/**
 * All documents of the query in its order, in batches, however many there are: a point in time, read in slices side by
 * side and merged, each a page ahead of its reader. So at most six pages are held. The order is the same in every
 * attempt as long as the documents are. Progress in documents. Failures: those of every search; a point in time that
 * Elasticsearch lost is ElasticsearchUnreachable: the reading begins anew.
 */
export async function* readDocuments(
  client: Client,
  { index, having, order, fields, versions = false }: DocumentQuery,
  watch: Watch = {},
): AsyncGenerator<ReadDocument[]> {
  await refresh(client, [index]);
  const what = `read the documents of ${index}`;
  const sort = await sortOf(client, index, order);
  // `match` finds the word in keyword and in text fields alike.
  const query = { bool: { should: having.values.map((value) => ({ match: { [having.field]: value } })) } };
  const opened = await attempt(what, () => client.openPointInTime({ index, keep_alive: keepAlive }));
  let pit = opened.id;
  const totals: number[] = [];

  const search = (slice: number, after: SortValue[] | undefined) =>
    attempt(what, async () => {
      const page = await client.search<Source>(
        {
          pit: { id: pit, keep_alive: keepAlive },
          slice: { id: String(slice), max: slices },
          size: pageSize,
          query,
          sort: sort as never,
          ...(after === undefined ? {} : { search_after: after as never }),
          _source: fields,
          seq_no_primary_term: versions,
          track_total_hits: after === undefined,
          allow_partial_search_results: false,
        },
        { requestTimeout: 2 * requestTimeout, ...(watch.signal && { signal: watch.signal }) },
      );
      pit = page.pit_id ?? pit;
      const { total } = page.hits;
      if (typeof total === 'object') totals[slice] = total.value;
      return page.hits.hits.map((hit): Hit => {
        const { _id: id = '', _index, _source: source = {}, _seq_no, _primary_term, sort: place = [] } = hit;
        const version = { index: _index, id, if_seq_no: _seq_no ?? 0, if_primary_term: _primary_term ?? 0 };
        return { id, source, sort: place as SortValue[], ...(versions && { version }) };
      });
    });

  try {
    let done = 0;
    for await (const batch of merged(Array.from({ length: slices }, (_, slice) => pages(slice, search)))) {
      watch.signal?.throwIfAborted();
      yield batch;
      done += batch.length;
      const total = totals.reduce((sum, one) => sum + one, 0);
      watch.onProgress?.({ done, total, unit: 'documents', note: `read from ${index}` });
    }
  } finally {
    // It ends by itself after its keep-alive; a failure to close it changes no answer.
    await client.closePointInTime({ id: pit }).catch(() => undefined);
  }
}

type Search = (slice: number, after: SortValue[] | undefined) => Promise<Hit[]>;

/** One slice, page by page; the next is asked for before the last is used up. */
async function* pages(slice: number, search: Search): AsyncGenerator<Hit[], void> {
  let next: Promise<Hit[]> | undefined = search(slice, undefined);
  while (next) {
    const page: Hit[] = await next;
    next = page.length < pageSize ? undefined : search(slice, page.at(-1)?.sort);
    // Whoever stops reading leaves it behind.
    next?.catch(() => undefined);
    if (page.length > 0) yield page;
  }
}

/** The slices as one, in order; a batch ends where a slice must be waited for. */
async function* merged(slicesOfPages: AsyncGenerator<Hit[]>[]): AsyncGenerator<Hit[]> {
  const open = slicesOfPages.map((source) => ({ source, page: [] as Hit[], at: 0 }));
  const isUsedUp = ({ page, at }: { page: Hit[]; at: number }) => at === page.length;
  for (;;) {
    const refilled = open.filter(isUsedUp).map(async (slice) => {
      const next = await slice.source.next();
      slice.page = next.done === true ? [] : next.value;
      slice.at = 0;
    });
    await Promise.all(refilled);
    const left = open.filter((slice) => !isUsedUp(slice));
    if (left.length === 0) return;
    const batch: Hit[] = [];
    do {
      let first = left[0] as (typeof open)[number];
      for (const slice of left) if (compare(slice.page[slice.at], first.page[first.at]) < 0) first = slice;
      batch.push(first.page[first.at] as Hit);
      first.at += 1;
    } while (!left.some(isUsedUp));
    open.splice(0, open.length, ...left);
    yield batch;
  }
}

/** As Elasticsearch orders: what is missing comes last. */
function compare(a: Hit | undefined, b: Hit | undefined): number {
  for (let index = 0; index < Math.min(a?.sort.length ?? 0, b?.sort.length ?? 0); index++) {
    const [one, other] = [a?.sort[index] ?? null, b?.sort[index] ?? null];
    if (one === other) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other ? -1 : 1;
  }
  return 0;
}

/** Each field by whichever of it and its `.keyword` can be sorted by, then the place in the index. */
async function sortOf(client: Client, index: IndexName, order: string[]): Promise<object[]> {
  const fields = order.flatMap((name) => [name, `${name}.keyword`]);
  const capabilities = await attempt(`read the fields of ${index}`, () => client.fieldCaps({ index, fields }));
  const sortable = (name: string) =>
    Object.values(capabilities.fields[name] ?? {}).some(({ aggregatable }) => aggregatable);
  const chosen = order.flatMap((name) => [name, `${name}.keyword`].filter(sortable).slice(0, 1));
  return [...chosen.map((name) => ({ [name]: { order: 'asc', missing: '_last' } })), { _shard_doc: 'asc' }];
}
