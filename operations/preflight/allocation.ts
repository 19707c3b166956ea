import { passed, warned, type Check } from '../../domain/checks.ts';
import { listed } from '../../domain/listed.ts';
import { tierPreference } from '../../domain/recovery-points/hindering-settings.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { StoreSeen } from './observe-store.ts';

const defaultLimit = 1000;

/**
 * Settings of the snapshot that would keep its shards from being allocated, or its indices from being closed or read. No
 * reason to refuse: the restore leaves them out and puts them back. Nothing is known of adopted snapshots: no check.
 */
export function checkAllocation({ store, expected, elasticsearch }: StoreSeen): Check | undefined {
  const { clusterSettings } = expected;
  if (clusterSettings === undefined) return undefined;
  const name = `allocation ${store.name}`;
  const nodes =
    'seen' in elasticsearch && elasticsearch.seen.from === 'living'
      ? elasticsearch.seen.identity.nodes.length
      : undefined;
  const filters = settingsOf(expected).filter((setting) => !setting.startsWith('index.blocks.'));
  const ofCluster = Object.entries(clusterSettings)
    .filter(([setting]) => setting !== 'cluster.max_shards_per_node')
    .map(([setting, value]) => `${setting} ${value} of the cluster`);
  const crowded = crowding(expected, nodes);
  const lifted = [...filters, ...ofCluster];
  const evidence = [
    ...(lifted.length > 0 ? [`Left out of the restore and put back after it: ${listed(lifted)}`] : []),
    ...(crowded === undefined ? [] : [crowded]),
  ];
  if (evidence.length > 0)
    return warned(
      name,
      evidence.join('; '),
      'The restore needs nothing of you. Check afterwards whether these settings still fit the nodes: new shards follow them',
    );
  const blocks = settingsOf(expected);
  return passed(
    name,
    blocks.length === 0
      ? 'No setting of the snapshot keeps a shard from its node'
      : `Left out of the restore and put back after it: ${listed(blocks)}`,
  );
}

/** `index.routing.allocation.require._name es-1 (nuvla-job)`: each setting once, with the indices that have it. */
function settingsOf({ indices }: ExpectedSet): string[] {
  const holders = new Map<string, string[]>();
  for (const { name, settings = {} } of indices)
    for (const [setting, value] of Object.entries(settings)) {
      // Nearly every index has one; the restore leaves it out where no node serves it.
      if (setting === tierPreference) continue;
      const key = `${setting} ${value}`;
      holders.set(key, [...(holders.get(key) ?? []), name]);
    }
  return [...holders].map(([setting, names]) => `${setting} (${listed(names)})`);
}

function crowding({ indices, clusterSettings = {} }: ExpectedSet, nodes: number | undefined): string | undefined {
  if (nodes === undefined) return undefined;
  const limit = Number(clusterSettings['cluster.max_shards_per_node'] ?? defaultLimit);
  const shards = indices.reduce((sum, { primaries, replicas = 0 }) => sum + primaries * (1 + replicas), 0);
  if (shards <= limit * nodes) return undefined;
  return `${shards} shards with their replicas on ${nodes} nodes, where cluster.max_shards_per_node allows ${limit * nodes}: all come back, but no further index can be created`;
}
