import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';

export interface Explanation {
  /** Per node what speaks against it, in Elasticsearch's words; undefined when nothing does. */
  why: string | undefined;
  remedy: string;
}

/** By Elasticsearch's name of the rule that says no. */
const remedies: Record<string, string> = {
  filter:
    'Remove the allocation filter that it names (of the index: "PUT <index>/_settings"; of the cluster: "PUT _cluster/settings"; value null), or give a node what it asks for',
  enable: 'Set cluster.routing.allocation.enable, or index.routing.allocation.enable of that index, to "all"',
  data_tier:
    'Give a node the role that the tier preference names (node.roles), or remove the preference from the index',
  disk_threshold: "Make room on that node's disk, or raise cluster.routing.allocation.disk.watermark.low",
  shards_limit: 'Raise or remove index.routing.allocation.total_shards_per_node, or that of the cluster, or add a node',
  awareness: 'Start a node with the value that the awareness attribute still lacks',
  node_version: 'Use a version of Elasticsearch that is not older than the one that took the snapshot',
  max_retry: 'Remove the cause that it names; the shard is restored again then',
};

/** Follows from the others: the shard's restore was given up when they said no. */
const consequences = ['restore_in_progress', 'same_shard', 'throttling'];

/** Why no node takes a primary, and what to do about it. */
export async function explainAllocation(
  client: Client,
  { index, shard }: { index: IndexName; shard: number },
): Promise<Explanation> {
  const told = await attempt(`explain the allocation of ${index}[${shard}]`, () =>
    client.cluster.allocationExplain({ index, shard, primary: true }),
  );
  const faults = (told.node_allocation_decisions ?? []).flatMap(({ node_name: node, deciders = [] }) =>
    deciders
      .filter(({ decider, decision }) => decision === 'NO' && !consequences.includes(decider))
      .map(({ decider, explanation }) => ({ decider, text: `${node}: ${explanation}` })),
  );
  const why = faults
    .slice(0, 3)
    .map(({ text }) => text)
    .join('; ');
  const known = [...new Set(faults.map(({ decider }) => decider))].flatMap((decider) => remedies[decider] ?? []);
  return {
    why: why === '' ? told.allocate_explanation : why,
    remedy: `${known.length > 0 ? known.join('; ') : 'Remove what keeps the shard from its node'}; then retry: the index is restored again`,
  };
}
