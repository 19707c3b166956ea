import type { IndexName } from '../../../domain/platform.ts';
import { requestTimeout, type Client } from '../client.ts';
import type { IndexDescription } from '../indices.ts';
import { inPathSizes } from '../names.ts';
import { askAbout, type Unreadable } from '../unreadable.ts';
import { searchEach } from './search-each.ts';

interface ShardStats {
  routing: { primary: boolean };
  docs: { count: number };
  seq_no: { max_seq_no: number };
  store: { size_in_bytes: number };
}

/** A figure of each index that tells it, and why the others do not. */
export interface Figures<T> {
  of: Record<IndexName, T>;
  unreadable: Unreadable;
}

/** `max_seq_no` of each index's primaries, by shard number; closed indices too. */
export async function sequenceNumbers(client: Client, indices: readonly IndexName[]): Promise<Figures<number[]>> {
  return ofPrimaries(await shardStats(client, indices), ({ seq_no: seqNo }) => seqNo.max_seq_no);
}

/** Bytes on disk that one document takes on average. */
export async function bytesPerDocument(
  client: Client,
  indices: readonly IndexName[],
): Promise<Record<IndexName, number>> {
  const stats = await shardStats(client, indices);
  const documents = ofPrimaries(stats, ({ docs }) => docs.count).of;
  const bytes = ofPrimaries(stats, ({ store }) => store.size_in_bytes).of;
  return Object.fromEntries(
    Object.entries(documents).map(([name, counts]) => [name, sum(bytes[name] ?? []) / Math.max(1, sum(counts))]),
  );
}

/**
 * The documents of each index, as searches see them after a refresh. Closed indices cannot be searched: theirs is the
 * number that their last commit holds (nested documents counted one by one, the same before and after a restore).
 */
export async function countDocuments(
  client: Client,
  indices: readonly Pick<IndexDescription, 'name' | 'state'>[],
): Promise<Figures<number>> {
  const names = (state: IndexDescription['state']) =>
    indices.filter((one) => one.state === state).map(({ name }) => name);
  const closed = ofPrimaries(await shardStats(client, names('closed')), ({ docs }) => docs.count);
  const of = Object.fromEntries(Object.entries(closed.of).map(([name, shards]) => [name, sum(shards)]));
  const unreadable = { ...closed.unreadable, ...(await refresh(client, names('open'))) };
  const open = names('open').filter((name) => unreadable[name] === undefined);
  const answers = await searchEach(
    client,
    'count the documents',
    open.map((index) => ({ index, body: { size: 0, track_total_hits: true } })),
  );
  for (const [place, name] of open.entries()) {
    const answer = answers[place];
    if (answer && 'unreadable' in answer) unreadable[name] = answer.unreadable;
    else if (answer && 'hits' in answer) of[name] = answer.total ?? 0;
  }
  return { of, unreadable };
}

/** Makes all that was written until now visible to searches; returns the indices that refuse it. */
export async function refresh(client: Client, indices: readonly IndexName[]): Promise<Unreadable> {
  const refused: Unreadable = {};
  for (const some of inPathSizes(indices)) {
    const { unreadable } = await askAbout('refresh', some, (index) =>
      client.indices.refresh({ index, expand_wildcards: 'all' }, { requestTimeout: 2 * requestTimeout }),
    );
    Object.assign(refused, unreadable);
  }
  return refused;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

async function shardStats(
  client: Client,
  indices: readonly IndexName[],
): Promise<Figures<Record<string, ShardStats[]>>> {
  const found: Figures<Record<string, ShardStats[]>> = { of: {}, unreadable: {} };
  for (const some of inPathSizes(indices)) {
    const { answers, unreadable } = await askAbout('read the statistics', some, (index) =>
      client.indices.stats({
        index,
        metric: ['docs', 'store'],
        level: 'shards',
        forbid_closed_indices: false,
        expand_wildcards: 'all',
        filter_path: [
          'indices.*.shards.*.routing.primary',
          'indices.*.shards.*.docs.count',
          'indices.*.shards.*.seq_no.max_seq_no',
          'indices.*.shards.*.store.size_in_bytes',
        ],
      }),
    );
    Object.assign(found.unreadable, unreadable);
    for (const answer of answers)
      for (const [name, stats] of Object.entries(answer.indices ?? {}))
        found.of[name] = (stats as { shards: Record<string, ShardStats[]> }).shards;
  }
  return found;
}

function ofPrimaries(
  { of, unreadable }: Figures<Record<string, ShardStats[]>>,
  value: (shard: ShardStats) => number,
): Figures<number[]> {
  const figures = Object.entries(of).map(([name, shards]) => [
    name,
    Object.entries(shards)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .flatMap(([, copies]) => copies.filter(({ routing }) => routing.primary).map(value)),
  ]);
  return { of: Object.fromEntries(figures) as Record<IndexName, number[]>, unreadable };
}
