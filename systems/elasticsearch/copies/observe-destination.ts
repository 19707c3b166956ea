import type { DestinationSeen } from '../../../domain/copies/situation.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { clusterMetadata } from '../cluster-metadata.ts';
import { livingDiskRule } from '../disk-rule.ts';
import { attempt } from '../errors.ts';
import { clusterIdentity } from '../health.ts';
import { bytesOf } from '../units.ts';

/** What a copy may meet on this cluster. Nothing is changed. */
export async function observeDestination(client: Client): Promise<DestinationSeen> {
  const [{ version, clusterUuid }, metadata, shards, disks] = await Promise.all([
    clusterIdentity(client),
    clusterMetadata(client),
    shardsOf(client),
    disksOf(client),
  ]);
  const streamOf = new Map(
    Object.entries(metadata.dataStreams).flatMap(([stream, { indices }]) => indices.map((index) => [index, stream])),
  );
  const aliases: DestinationSeen['aliases'] = {};
  for (const [index, { aliases: of }] of Object.entries(metadata.indices))
    for (const alias of of) (aliases[alias] ??= []).push(index);
  return {
    version,
    clusterUuid,
    indices: Object.fromEntries(
      Object.entries(metadata.indices).map(([name, { uuid, state }]) => {
        const dataStream = streamOf.get(name);
        return [name, { uuid, state, ...(dataStream !== undefined && { dataStream }) }];
      }),
    ),
    aliases,
    dataStreams: Object.keys(metadata.dataStreams),
    ...shards,
    ...disks,
  };
}

/** By index, the major version that it was created with. */
export async function createdVersions(client: Client): Promise<Record<IndexName, number>> {
  const { indices } = await clusterMetadata(client);
  return Object.fromEntries(
    Object.entries(indices).flatMap(([name, { createdWith }]) =>
      createdWith === undefined ? [] : [[name, createdWith]],
    ),
  );
}

const limit = 'cluster.max_shards_per_node';
const enable = 'cluster.routing.allocation.enable';

/** The limit counts open shards, replicas included, over all data nodes. */
async function shardsOf(client: Client): Promise<Pick<DestinationSeen, 'shards' | 'dataNodes' | 'allocation'>> {
  const health = await attempt('read the health of the cluster', () => client.cluster.health());
  const settings = (await attempt('read the shard limit', () =>
    client.cluster.getSettings({
      include_defaults: true,
      flat_settings: true,
      // A dot in it would be a level, and flat names have none.
      filter_path: ['*.cluster*max_shards_per_node', '*.cluster*routing*allocation*enable'],
    }),
  )) as Partial<Record<'transient' | 'persistent' | 'defaults', Record<string, string>>>;
  const inForce = (name: string) =>
    settings.transient?.[name] ?? settings.persistent?.[name] ?? settings.defaults?.[name];
  const most = Number(inForce(limit) ?? 1000);
  const allocation = inForce(enable)?.toLowerCase() ?? 'all';
  const { number_of_data_nodes: dataNodes, active_shards: active, unassigned_shards: unassigned } = health;
  return {
    shards: { open: active + unassigned, most: most * dataNodes },
    dataNodes,
    ...(allocation !== 'all' && { allocation }),
  };
}

/** Bytes below the low watermark: above it no shard is put on a node. */
async function disksOf(client: Client): Promise<Pick<DestinationSeen, 'freeBytes'>> {
  const rule = await livingDiskRule(client);
  const stats = (await attempt('read the disks of the nodes', () =>
    client.nodes.stats({ metric: 'fs', filter_path: ['nodes.*.roles', 'nodes.*.fs.total'] }),
  )) as {
    nodes: Record<
      string,
      { roles?: string[]; fs?: { total?: { total_in_bytes: number; available_in_bytes: number } } }
    >;
  };
  const nodes = Object.values(stats.nodes).filter(({ roles = [] }) => roles.some((role) => role.startsWith('data')));
  const free = nodes.flatMap(({ fs }) => (fs?.total ? [freeOf(fs.total, rule)] : []));
  return free.length === 0 ? {} : { freeBytes: free.reduce((sum, bytes) => sum + bytes, 0) };
}

function freeOf(
  { total_in_bytes: total, available_in_bytes: available }: { total_in_bytes: number; available_in_bytes: number },
  { low, maxHeadroom }: { low?: string; maxHeadroom?: string },
): number {
  if (low === undefined) return available;
  const absolute = bytesOf(low);
  const share = total * (1 - Number.parseFloat(low) / (low.trim().endsWith('%') ? 100 : 1));
  const kept = absolute ?? Math.min(share, bytesOf(maxHeadroom ?? '') ?? Infinity);
  return Math.max(0, available - kept);
}
