import type { Client } from '../client.ts';
import { beforeOf, clusterSettings, override, resetOverrides } from './overrides.ts';

/** Null means: not set, so the persistent setting or the default holds. */
export type Throttles = Record<ThrottleName, string | null>;
type ThrottleName = (typeof names)[number];

/** The first bounds bytes (40 MB/s a node by default), the second how many primaries a node restores at once (4).
 * Measured with 120 small shards from S3: 12 is a fifth faster than 4, 30 no faster than 12. */
const names = [
  'indices.recovery.max_bytes_per_sec',
  'cluster.routing.allocation.node_initial_primaries_recoveries',
] as const;

export async function readThrottles(client: Client): Promise<Throttles> {
  return beforeOf((await clusterSettings(client)).transient, names) as Throttles;
}

/**
 * Raises what bounds a restore, transiently. `bytesPerSecond` is written as Elasticsearch writes it (`2gb`). Returns what
 * held before the first raise.
 */
export async function raiseThrottles(client: Client, bytesPerSecond: string): Promise<Throttles> {
  return throttlesIn(
    await override(client, {
      'indices.recovery.max_bytes_per_sec': bytesPerSecond,
      'cluster.routing.allocation.node_initial_primaries_recoveries': '12',
    }),
  );
}

/** Puts back what held before the restore changed it. undefined: nothing is remembered, so nothing was changed. */
export async function resetThrottles(client: Client): Promise<Throttles | undefined> {
  const before = await resetOverrides(client);
  return before && throttlesIn(before);
}

function throttlesIn(before: Record<string, string | null>): Throttles {
  return Object.fromEntries(names.map((name) => [name, before[name] ?? null])) as Throttles;
}
