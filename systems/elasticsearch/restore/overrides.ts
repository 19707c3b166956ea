import { liftedClusterSettings, type Settings } from '../../../domain/recovery-points/hindering-settings.ts';
import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';

/** Transient cluster settings; null means: not set, so the persistent setting or the default holds. */
export type Overrides = Record<string, string | null>;

/**
 * What held before, kept in the cluster itself. Only transient settings are changed, so only these are remembered, and as
 * a transient setting: it lives exactly as long as what it remembers. A full restart of the cluster forgets both; the
 * restore of a global state, which replaces all persistent settings, leaves both.
 */
const memory = 'cluster.metadata.rekindle.throttles';

/** Sets them for the time of a restore. Returns what held before the first time: a repeated call keeps that memory. */
export async function override(client: Client, values: Settings): Promise<Overrides> {
  const { transient } = await clusterSettings(client);
  const before = { ...beforeOf(transient, Object.keys(values)), ...remembered(transient) };
  // One request: there is never one without the other.
  await put(client, { ...values, [memory]: JSON.stringify(before) });
  return before;
}

/** Puts back what held before and forgets it. undefined: nothing is remembered, so nothing was changed. */
export async function resetOverrides(client: Client): Promise<Overrides | undefined> {
  const before = remembered((await clusterSettings(client)).transient);
  if (before !== undefined) await put(client, { ...before, [memory]: null });
  return before;
}

/**
 * Lifts, for the time of a restore, what the cluster's settings and those of the snapshot's global state (`coming`) say
 * against the allocation of shards.
 */
export async function liftAllocation(client: Client, coming: Settings = {}): Promise<void> {
  const { persistent, transient } = await clusterSettings(client);
  const values = liftedClusterSettings({ ...persistent, ...coming, ...transient });
  const missing = Object.entries(values).filter(([name, value]) => transient[name] !== value);
  if (missing.length > 0) await override(client, Object.fromEntries(missing));
}

/** By their full names; the settings of the nodes' files are not among them. */
export async function clusterSettings(client: Client): Promise<{ persistent: Settings; transient: Settings }> {
  const { persistent, transient } = await attempt('read the cluster settings', () =>
    client.cluster.getSettings({ flat_settings: true }),
  );
  return { persistent: texts(persistent), transient: texts(transient) };
}

const texts = (settings: Record<string, unknown>): Settings =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));

export function beforeOf(transient: Settings, names: readonly string[]): Overrides {
  return Object.fromEntries(names.map((name) => [name, transient[name] ?? null]));
}

function remembered(transient: Settings): Overrides | undefined {
  const text = transient[memory];
  return text === undefined ? undefined : (JSON.parse(text) as Overrides);
}

async function put(client: Client, transient: Overrides): Promise<void> {
  await attempt('set the limits of the restore', () => client.cluster.putSettings({ transient }));
}
