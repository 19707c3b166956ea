// Settings that come with a snapshot and can keep a shard from being allocated, or an index from being closed or read,
// while it is restored. They are left out of the restore and put back after it.

/** Values as Elasticsearch has them: text. */
export type Settings = Record<string, string>;

const ofIndices =
  /^index\.(blocks\.|routing\.allocation\.((require|include|exclude)\.|enable$|total_shards_per_node$))/;

export const tierPreference = 'index.routing.allocation.include._tier_preference';

/** Of all settings of an index, those that hinder its restore. */
export function hinderingOf(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => ofIndices.test(name) && hinders(value)));
}

const hinders = (value: string) => !['', 'false', 'all', '-1'].includes(value);

/** Whether some node may hold an index of these tiers: `data_warm,data_hot`, the best first. */
export function isTierServed(preference: string, nodes: readonly { roles: readonly string[] }[]): boolean {
  const wanted = preference.split(',').map((tier) => tier.trim());
  return nodes.some(({ roles }) => roles.includes('data') || wanted.some((tier) => roles.includes(tier)));
}

/** Cluster settings that keep shards from being allocated, each with the value that lifts it. */
export function liftedClusterSettings(settings: Settings): Settings {
  const lifted = Object.entries(settings).flatMap(([name, value]): [string, string][] => {
    if (value === '') return [];
    if (/^cluster\.routing\.allocation\.(require|include|exclude)\./.test(name)) return [[name, '']];
    if (name === 'cluster.routing.allocation.total_shards_per_node' && value !== '-1') return [[name, '-1']];
    return [];
  });
  return Object.fromEntries([...lifted, ...always]);
}

/** Lifted whatever is set: the snapshot's global state may set them in the moment of its restore. */
const always: readonly [string, string][] = [
  ['cluster.routing.allocation.enable', 'all'],
  // The default is 1000. Whatever ran before must fit again; new indices are counted as before once the restore has ended.
  ['cluster.max_shards_per_node', '100000'],
];

/** Of a cluster's persistent settings, those that would have hindered the restore: to be shown and to be put back. */
export function hinderingClusterSettings(settings: Settings): Settings {
  const lifted = liftedClusterSettings(settings);
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => {
      if (name === 'cluster.max_shards_per_node') return true;
      return name in lifted && value !== lifted[name];
    }),
  );
}
