/** Few enough for the cluster's master, which handles each shard of a restore, and for a person who watches. */
export const batchLimits = { indices: 50, shards: 200 };

/**
 * The list in batches, each within both limits, in order. One index that has more shards than a batch may have is a batch of
 * its own. `groupOf`: only what has the same group shares a batch; one that `isWhole` names is never divided.
 */
export function inBatches<T extends { primaries: number }>(
  list: readonly T[],
  groupOf: (one: T) => string = () => '',
  limits: { indices: number; shards: number } = batchLimits,
  isWhole: (one: T) => boolean = () => false,
): T[][] {
  const groups = [...new Set(list.map(groupOf))];
  return groups.flatMap((group) => {
    const members = list.filter((one) => groupOf(one) === group);
    return members.some(isWhole) ? [members] : divided(members, limits);
  });
}

function divided<T extends { primaries: number }>(list: readonly T[], limits: typeof batchLimits): T[][] {
  const batches: T[][] = [];
  let shards = Infinity;
  for (const one of list) {
    const full = (batches.at(-1)?.length ?? 0) >= limits.indices || shards + one.primaries > limits.shards;
    if (full) batches.push([]);
    shards = (full ? 0 : shards) + one.primaries;
    batches.at(-1)?.push(one);
  }
  return batches;
}
