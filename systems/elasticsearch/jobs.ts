import { belongsInQueue, recordedPriority, type JobDocument, type QueuedJob } from '../../domain/job-queue.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { Watch } from '../watch.ts';
import { requestTimeout, type Client } from './client.ts';
import { refresh } from './counts.ts';
import { attempt } from './errors.ts';

const pageSize = 5_000;
const keepAlive = '5m';

type Source = Record<string, unknown>;

/**
 * All jobs that belong in the queue, by creation time, then id. A point in time and `search_after` read them all,
 * however many there are; the order is the same in every attempt as long as the documents are.
 */
export async function* readJobs(client: Client, index: IndexName, watch: Watch = {}): AsyncGenerator<QueuedJob> {
  await refresh(client, [index]);
  const sort = await sortOf(client, index);
  const opened = await attempt(`read the jobs of ${index}`, () =>
    client.openPointInTime({ index, keep_alive: keepAlive }),
  );
  let pit = opened.id;
  let read = 0;
  try {
    for (let after: (string | number | null)[] | undefined; ;) {
      watch.signal?.throwIfAborted();
      const page = await attempt(`read the jobs of ${index}`, () =>
        client.search<Source>(
          {
            pit: { id: pit, keep_alive: keepAlive },
            size: pageSize,
            // `match` finds the word in keyword and in text fields alike; the rule itself is `belongsInQueue`.
            query: { bool: { should: [{ match: { state: 'QUEUED' } }, { match: { state: 'RUNNING' } }] } },
            sort,
            ...(after === undefined ? {} : { search_after: after as never }),
            _source: ['id', 'state', 'created', 'priority', 'tags', 'execution-mode'],
            track_total_hits: after === undefined,
            allow_partial_search_results: false,
          },
          { requestTimeout: 2 * requestTimeout },
        ),
      );
      pit = page.pit_id ?? pit;
      const { hits } = page.hits;
      read += hits.length;
      for (const { _id: id, _source: source } of hits) {
        const job = jobOf(id ?? '', source ?? {});
        if (belongsInQueue(job)) yield queued(job);
      }
      watch.onProgress?.({ done: read, total: 0, unit: 'documents', note: `jobs read from ${index}` });
      after = hits.at(-1)?.sort as (string | number | null)[] | undefined;
      if (hits.length < pageSize) return;
    }
  } finally {
    // It ends by itself after its keep-alive; a failure to close it changes no answer.
    await client.closePointInTime({ id: pit }).catch(() => undefined);
  }
}

function jobOf(documentId: string, source: Source): JobDocument {
  return {
    id: textOf(source.id) ?? `job/${documentId}`,
    state: textOf(source.state) ?? '',
    created: textOf(source.created),
    priority: source.priority,
    tags: source.tags,
    executionMode: source['execution-mode'],
  };
}

function queued(job: JobDocument): QueuedJob {
  const priority = recordedPriority(job);
  return { id: job.id, ...(priority === undefined ? {} : { priority }), state: job.state, created: job.created ?? '' };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** `created`, then `id`, by whichever of the field and its `.keyword` can be sorted by. */
async function sortOf(client: Client, index: IndexName): Promise<object[] & never[]> {
  const fields = ['created', 'created.keyword', 'id', 'id.keyword'];
  const capabilities = await attempt(`read the fields of ${index}`, () => client.fieldCaps({ index, fields }));
  const sortable = (name: string) =>
    Object.values(capabilities.fields[name] ?? {}).some(({ aggregatable }) => aggregatable);
  const chosen = ['created', 'id'].flatMap((name) => [name, `${name}.keyword`].filter(sortable).slice(0, 1));
  return [...chosen.map((name) => ({ [name]: { order: 'asc', missing: '_last' } })), { _shard_doc: 'asc' }] as never;
}
