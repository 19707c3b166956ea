import type { IndexName } from '../../../domain/platform.ts';
import { requestTimeout, type Client } from '../client.ts';
import { attempt } from '../errors.ts';
import type { IndexDescription } from '../indices.ts';
import { inPathSizes } from '../names.ts';
import { searchEach } from './search-each.ts';

interface ShardStats {
  routing: { primary: boolean };
  docs: { count: number };
  seq_no: { max_seq_no: number };
}

/** `max_seq_no` of each index's primaries, by shard number; closed indices too. */
export async function sequenceNumbers(
  client: Client,
  indices: readonly IndexName[],
): Promise<Record<IndexName, number[]>> {
  return mapPrimaries(await shardStats(client, indices), ({ seq_no: seqNo }) => seqNo.max_seq_no);
}

/**
 * The documents of each index, as searches see them after a refresh. Closed indices cannot be searched: theirs is the
 * number that their last commit holds (nested documents counted one by one, the same before and after a restore).
 */
export async function countDocuments(
  client: Client,
  indices: readonly Pick<IndexDescription, 'name' | 'state'>[],
): Promise<Record<IndexName, number>> {
  const names = (state: IndexDescription['state']) =>
    indices.filter((one) => one.state === state).map(({ name }) => name);
  const closed = mapPrimaries(await shardStats(client, names('closed')), ({ docs }) => docs.count);
  const counts = Object.fromEntries(
    Object.entries(closed).map(([name, shards]) => [name, shards.reduce((sum, count) => sum + count, 0)]),
  );
  const open = names('open');
  await refresh(client, open);
  const answers = await searchEach(
    client,
    'count the documents',
    open.map((index) => ({ index, body: { size: 0, track_total_hits: true } })),
  );
  open.forEach((name, place) => (counts[name] = answers[place]?.total ?? 0));
  return counts;
}

/** Makes all that was written until now visible to searches. */
export async function refresh(client: Client, indices: readonly IndexName[]): Promise<void> {
  for (const index of inPathSizes(indices)) {
    await attempt(`refresh ${index.join(', ')}`, () =>
      client.indices.refresh({ index, expand_wildcards: 'all' }, { requestTimeout: 2 * requestTimeout }),
    );
  }
}

async function shardStats(
  client: Client,
  indices: readonly IndexName[],
): Promise<Record<IndexName, Record<string, ShardStats[]>>> {
  const found: Record<IndexName, Record<string, ShardStats[]>> = {};
  for (const index of inPathSizes(indices)) {
    const answer = await attempt(`read the statistics of ${index.join(', ')}`, () =>
      client.indices.stats({
        index,
        metric: 'docs',
        level: 'shards',
        forbid_closed_indices: false,
        expand_wildcards: 'all',
        filter_path: [
          'indices.*.shards.*.routing.primary',
          'indices.*.shards.*.docs.count',
          'indices.*.shards.*.seq_no.max_seq_no',
        ],
      }),
    );
    for (const [name, stats] of Object.entries(answer.indices ?? {})) {
      found[name] = (stats as { shards: Record<string, ShardStats[]> }).shards;
    }
  }
  return found;
}

function mapPrimaries(
  stats: Record<IndexName, Record<string, ShardStats[]>>,
  value: (shard: ShardStats) => number,
): Record<IndexName, number[]> {
  return Object.fromEntries(
    Object.entries(stats).map(([name, shards]) => [
      name,
      Object.entries(shards)
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .flatMap(([, copies]) => copies.filter(({ routing }) => routing.primary).map(value)),
    ]),
  );
}
