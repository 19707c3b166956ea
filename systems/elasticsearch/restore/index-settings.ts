import type { IndexName } from '../../../domain/platform.ts';
import { isTierServed, tierPreference, type Settings } from '../../../domain/recovery-points/hindering-settings.ts';
import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';
import { describeIndices } from '../indices.ts';
import { inPathSizes } from '../names.ts';

export type SettingsOf = Record<IndexName, Settings>;

/**
 * The settings that a restore leaves out, by their names: all that hinder, but for tiers that some node serves, which
 * nearly every index names.
 */
export async function settingsToIgnore(client: Client, settings: SettingsOf): Promise<string[]> {
  const all = Object.values(settings);
  const tiers = new Set(all.flatMap((of) => of[tierPreference] ?? []));
  const nodes = tiers.size === 0 ? [] : await nodesOf(client);
  const served = [...tiers].every((tier) => isTierServed(tier, nodes));
  return [...new Set(all.flatMap((of) => Object.keys(of)))]
    .filter((name) => name !== tierPreference || !served)
    .toSorted();
}

async function nodesOf(client: Client): Promise<{ roles: readonly string[] }[]> {
  const { nodes } = await attempt('list the nodes', () => client.nodes.info({ filter_path: 'nodes.*.roles' }));
  return Object.values(nodes);
}

/** Puts settings back that the restore left out; returns how many indices were changed. Repeated, it changes nothing. */
export async function putBackSettings(client: Client, settings: SettingsOf): Promise<number> {
  const described = await describeIndices(client, Object.keys(settings));
  const missing = described.flatMap(({ name, settings: now }) => {
    const left = Object.entries(settings[name] ?? {}).filter(([setting, value]) => now[setting] !== value);
    return left.map(([setting, value]) => ({ name, setting, value }));
  });
  // One setting a request, the blocks last: on an index that blocks its metadata, only a request for that one block is
  // accepted. The same setting of many indices is one request.
  const groups = [...new Set(missing.map(({ setting, value }) => JSON.stringify([setting, value])))]
    .map((group) => JSON.parse(group) as [string, string])
    .toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  for (const [setting, value] of groups) {
    const names = missing.filter((one) => one.setting === setting && one.value === value).map(({ name }) => name);
    for (const index of inPathSizes(names))
      await attempt(`put ${setting} of ${index.join(', ')} back`, () =>
        client.indices.putSettings({ index, expand_wildcards: 'all', settings: { [setting]: value } }),
      );
  }
  return new Set(missing.map(({ name }) => name)).size;
}

/** Takes off the blocks that would keep indices from being deleted. */
export async function liftBlocks(client: Client, settings: SettingsOf): Promise<void> {
  const blocks = new Set(Object.values(settings).flatMap((of) => Object.keys(of).filter((name) => rank(name) === 2)));
  for (const block of blocks) {
    const blocked = Object.keys(settings).filter((index) => settings[index]?.[block] !== undefined);
    for (const index of inPathSizes(blocked))
      await attempt(`take ${block} off ${index.join(', ')}`, () =>
        client.indices.putSettings({ index, expand_wildcards: 'all', settings: { [block]: null } }),
      );
  }
}

/** Blocks of metadata keep every other setting from being written. */
function rank(setting: string): number {
  if (!setting.startsWith('index.blocks.')) return 0;
  return /read_only|metadata/.test(setting) ? 2 : 1;
}
