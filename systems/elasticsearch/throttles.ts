import type { Client } from './client.ts';
import { attempt } from './errors.ts';

/** Transient cluster settings; null means: not set, so the persistent setting or the default holds. */
export type Throttles = Record<ThrottleName, string | null>;
type ThrottleName = (typeof names)[number];

/** The first bounds bytes (40 MB/s a node by default), the second how many primaries a node restores at once (4).
 * Measured with 120 small shards from S3: 12 is a fifth faster than 4, 30 no faster than 12. */
const names = [
  'indices.recovery.max_bytes_per_sec',
  'cluster.routing.allocation.node_initial_primaries_recoveries',
] as const;

export async function readThrottles(client: Client): Promise<Throttles> {
  const { transient } = await attempt('read the recovery throttles', () =>
    client.cluster.getSettings({ flat_settings: true }),
  );
  const value = (name: ThrottleName) => {
    const found: unknown = transient[name];
    return typeof found === 'string' ? found : null;
  };
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Throttles;
}

/**
 * Raises what bounds a restore, transiently: a full restart of the cluster forgets it. `bytesPerSecond` is written as
 * Elasticsearch writes it (`2gb`). Returns the transient values that held before.
 */
export async function raiseThrottles(client: Client, bytesPerSecond: string): Promise<Throttles> {
  const before = await readThrottles(client);
  await put(client, {
    'indices.recovery.max_bytes_per_sec': bytesPerSecond,
    'cluster.routing.allocation.node_initial_primaries_recoveries': '12',
  });
  return before;
}

/** Puts the transient values back, to `before` or to none. */
export async function resetThrottles(client: Client, before?: Throttles): Promise<void> {
  await put(client, before ?? (Object.fromEntries(names.map((name) => [name, null])) as Throttles));
}

async function put(client: Client, transient: Throttles): Promise<void> {
  await attempt('set the recovery throttles', () => client.cluster.putSettings({ transient }));
}
