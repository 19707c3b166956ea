import { Failure } from '../../../domain/failures.ts';
import type { AliasSwap } from '../../../domain/copies/steps.ts';
import type { IndexName } from '../../../domain/platform.ts';
import type { Client } from '../client.ts';
import { clusterMetadata } from '../cluster-metadata.ts';
import { attempt } from '../errors.ts';
import { inPathSizes } from '../names.ts';

/** Deletes these very indices; one that is gone, or whose name belongs to another by now, is left alone. Returns how many. */
export async function deleteIndices(
  client: Client,
  wanted: readonly { index: IndexName; uuid: string }[],
): Promise<number> {
  const { indices } = await clusterMetadata(client);
  const there = wanted.filter(({ index, uuid }) => indices[index]?.uuid === uuid).map(({ index }) => index);
  for (const index of inPathSizes(there))
    await attempt(`delete ${index.join(', ')}`, () => client.indices.delete({ index, expand_wildcards: 'all' }));
  return there.length;
}

/** Repeated, it changes nothing. An index that keeps its number by itself (`auto_expand_replicas`) goes on doing so. */
export async function setReplicas(client: Client, indices: readonly IndexName[], replicas: number): Promise<void> {
  for (const index of inPathSizes(indices))
    await attempt(`give ${index.join(', ')} ${replicas} replicas`, () =>
      client.indices.putSettings({
        index,
        expand_wildcards: 'all',
        settings: { 'index.number_of_replicas': replicas },
      }),
    );
}

/**
 * Makes every name mean its new index, in one request: no reader meets a moment without it. Filter, routing and the like of
 * an alias come from the index that has it now. What was done already is left as it is. Failure: VerificationFailed, when a name belongs to something that the plan does not know.
 */
export async function swapAliases(client: Client, swaps: readonly AliasSwap[]): Promise<number> {
  const { indices } = await clusterMetadata(client);
  const definitionOf = (name: string, index: IndexName) =>
    predecessors(swaps.filter((swap) => swap.index === index)).flatMap((old) => definitions[old]?.[name] ?? [])[0];
  const meaning = (name: string) => Object.keys(indices).filter((index) => indices[index]?.aliases.includes(name));
  const definitions = await aliasesOf(
    client,
    predecessors(swaps).filter((index) => indices[index] !== undefined),
  );
  const actions = swaps.flatMap(({ name, index, removes, leaves }) => {
    const now = meaning(name);
    const present = indices[name];
    if (present !== undefined && present.uuid !== removes?.uuid)
      throw changed(name, 'an index that the plan does not name');
    return [
      ...(present !== undefined ? [{ remove_index: { index: name } }] : []),
      ...leaves.filter((leaves) => now.includes(leaves)).map((leaves) => ({ remove: { index: leaves, alias: name } })),
      ...(now.includes(index) ? [] : [{ add: { ...definitionOf(name, index), index, alias: name } }]),
    ];
  });
  const missing = swaps.find(({ index }) => indices[index] === undefined);
  if (missing) throw changed(missing.index, 'not there any more');
  if (actions.length > 0)
    await attempt(`swap ${swaps.map(({ name }) => name).join(', ')}`, () => client.indices.updateAliases({ actions }));
  return actions.length;
}

const predecessors = (swaps: readonly AliasSwap[]): IndexName[] => [
  ...new Set(swaps.flatMap(({ removes, leaves }) => [...(removes ? [removes.index] : []), ...leaves])),
];

async function aliasesOf(client: Client, wanted: readonly IndexName[]): Promise<Record<IndexName, Aliases>> {
  const found: Record<IndexName, Aliases> = {};
  for (const index of inPathSizes(wanted)) {
    const answer = await attempt(`read the aliases of ${index.join(', ')}`, () =>
      client.indices.getAlias({ index, expand_wildcards: 'all' }),
    );
    for (const [name, { aliases }] of Object.entries(answer)) found[name] = aliases;
  }
  return found;
}

/** By name, what an alias says besides: its filter, routing, whether it is hidden or written to. */
type Aliases = Record<string, object>;

function changed(name: string, what: string): Failure {
  return new Failure('VerificationFailed', {
    message: `${name} is ${what}: somebody changed it after the plan was made`,
    remedy: 'Find out who did; abort, and start the copy again',
  });
}
