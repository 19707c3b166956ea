import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';

/** Transient cluster settings; null means: not set, so the persistent setting or the default holds. */
export type Throttles = Record<ThrottleName, string | null>;
type ThrottleName = (typeof names)[number];

/** The first bounds bytes (40 MB/s a node by default), the second how many primaries a node restores at once (4).
 * Measured with 120 small shards from S3: 12 is a fifth faster than 4, 30 no faster than 12. */
const names = [
  'indices.recovery.max_bytes_per_sec',
  'cluster.routing.allocation.node_initial_primaries_recoveries',
] as const;

/**
 * What held before, kept in the cluster itself. Only transient settings are raised, so only these are remembered, and as
 * a transient setting: it lives exactly as long as what it remembers. A full restart of the cluster forgets both; the
 * restore of a global state, which replaces all persistent settings, leaves both.
 */
const memory = 'cluster.metadata.rekindle.throttles';

export async function readThrottles(client: Client): Promise<Throttles> {
  return throttlesIn(await transientSettings(client));
}

/**
 * Raises what bounds a restore, transiently. `bytesPerSecond` is written as Elasticsearch writes it (`2gb`). Returns what
 * held before the first raise: a repeated one keeps that memory.
 */
export async function raiseThrottles(client: Client, bytesPerSecond: string): Promise<Throttles> {
  const settings = await transientSettings(client);
  const before = remembered(settings) ?? throttlesIn(settings);
  // One request: there is never one without the other.
  await put(client, {
    [memory]: JSON.stringify(before),
    'indices.recovery.max_bytes_per_sec': bytesPerSecond,
    'cluster.routing.allocation.node_initial_primaries_recoveries': '12',
  });
  return before;
}

/** Puts back what held before the raise and forgets it. undefined: nothing is remembered, so nothing was changed. */
export async function resetThrottles(client: Client): Promise<Throttles | undefined> {
  const before = remembered(await transientSettings(client));
  if (before !== undefined) await put(client, { ...before, [memory]: null });
  return before;
}

type TransientSettings = Record<string, unknown>;

async function transientSettings(client: Client): Promise<TransientSettings> {
  const { transient } = await attempt('read the recovery throttles', () =>
    client.cluster.getSettings({ flat_settings: true }),
  );
  return transient;
}

function throttlesIn(settings: TransientSettings): Throttles {
  const value = (name: string) => (typeof settings[name] === 'string' ? settings[name] : null);
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Throttles;
}

function remembered(settings: TransientSettings): Throttles | undefined {
  const text = settings[memory];
  return typeof text === 'string' ? throttlesIn(JSON.parse(text) as TransientSettings) : undefined;
}

async function put(client: Client, transient: Record<string, string | null>): Promise<void> {
  await attempt('set the recovery throttles', () => client.cluster.putSettings({ transient }));
}
