import type { Client } from '../../systems/elasticsearch/client.ts';
import { demandDocuments } from '../rates.ts';

// How an index gets from one cluster to another without Rekindle. Each answers seconds, from the first request to the last.

const LONG = { requestTimeout: 3_600_000 };

export interface Between {
  source: Client;
  destination: Client;
  index: string;
  documents: number;
}

/**
 * The old tool's way: the repository on both sides, as Elasticsearch has it by default (40 MB/s for a snapshot as for a
 * restore), one snapshot, one restore.
 */
export async function bySnapshot(
  { source, destination, index, documents }: Between,
  settings: Record<string, string>,
): Promise<{ whole: number; snapshot: number }> {
  const repository = 'bench_old_tool';
  const snapshot = 'snapshot.old-tool';
  const began = performance.now();
  const register = (client: Client, more: object) =>
    client.snapshot.createRepository({
      name: repository,
      repository: { type: 's3', settings: { ...settings, ...more } } as never,
    });
  await register(source, {});
  const taken = await source.snapshot.create(
    { repository, snapshot, indices: [index], include_global_state: false, wait_for_completion: true },
    LONG,
  );
  if (taken.snapshot?.state !== 'SUCCESS') throw new Error(`The snapshot ended ${String(taken.snapshot?.state)}`);
  const half = performance.now();
  await register(destination, { readonly: true });
  const { snapshot: restored } = await destination.snapshot.restore(
    { repository, snapshot, indices: [index], wait_for_completion: true },
    LONG,
  );
  const ended = performance.now();
  if (restored?.shards.failed !== 0) throw new Error(`The restore of ${index} left failed shards`);
  await demandDocuments(destination, index, documents);
  for (const client of [source, destination]) await client.snapshot.deleteRepository({ name: repository });
  return { whole: (ended - began) / 1000, snapshot: (half - began) / 1000 };
}

/** A script that scrolls and writes in bulk, for the first `wanted` documents, into an index made like the first. */
export async function byScroll(
  { source, destination, index }: Omit<Between, 'documents'>,
  wanted: number,
): Promise<number> {
  const { [index]: found } = await source.indices.get({ index });
  const began = performance.now();
  await destination.indices.create({
    index,
    settings: { number_of_shards: 3, number_of_replicas: 0 },
    mappings: found?.mappings,
  });
  let page = await source.search({ index, scroll: '5m', size: 100, sort: ['_doc'] });
  let written = 0;
  while (written < wanted && page.hits.hits.length > 0) {
    const hits = page.hits.hits.slice(0, wanted - written);
    const operations = hits.flatMap(({ _id, _source }) => [{ index: { _index: index, _id } }, _source as object]);
    const { errors } = await destination.bulk({ operations }, LONG);
    if (errors) throw new Error(`Documents of ${index} were refused`);
    written += hits.length;
    page = await source.scroll({ scroll_id: page._scroll_id ?? '', scroll: '5m' });
  }
  await source.clearScroll({ scroll_id: page._scroll_id ?? '' });
  const seconds = (performance.now() - began) / 1000;
  await demandDocuments(destination, index, wanted);
  return seconds;
}
