import type { UnhashedPlan } from '../plans/plan.ts';
import type { Step, StepId } from '../plans/steps.ts';
import { last, leaves } from '../plans/restore-steps/graph.ts';
import { batchLimits, inBatches } from './batches.ts';
import { replicasOf } from './checks.ts';
import { fatesOf, type IndexFate } from './fates.ts';
import type { CopySituation } from './situation.ts';
import type { AliasSwap, CopySource } from './steps.ts';
import { startUsers, stopUsers, usersOf } from './users.ts';

/** Under which name a destination knows the repository of a source. */
export const sourceRepository = (platform: string, store: string): string =>
  `rekindle-copy-${platform}-${store}`.toLowerCase();

/**
 * The steps of a copy: the source's repository read-only; its snapshot; the indices batch by batch under raised throttles and
 * without replicas; the proof; replicas; and, where names are taken, everything swapped in at one moment. What uses the
 * indices stands still from the moment at which they change under it: for a swap, just around it.
 */
export function planCopy(situation: CopySituation): UnhashedPlan {
  const { platform, store, from, recoveryPoint, expected, wishes } = situation;
  const own = from.platform === platform.platform;
  const name = store.name;
  const source: CopySource = {
    from: from.platform,
    fromStore: from.store,
    recoveryPoint: recoveryPoint.id,
    repository: own ? from.repository.name : sourceRepository(from.platform, from.store),
    snapshot: expected.snapshot,
  };
  const fates = fatesOf(situation).fates.filter(({ does }) => does.what !== 'skip');
  const steps: Step[] = [];
  const add = (step: Step) => steps.push(step);
  let after: StepId[] = [];

  add({
    id: 'register-source',
    action: 'registerSource',
    arguments: { store: name, ...source },
    after,
    undo: { action: 'forgetSource', arguments: { store: name, ...source } },
    undoAlways: true,
  });
  add({
    id: 'verify-source',
    action: 'verifySource',
    arguments: { store: name, ...source, indices: fates.length },
    after: ['register-source'],
  });
  const users = usersOf(situation, fates);
  const still = fates.some(({ does }) => does.what !== 'swap') ? 'from the beginning' : 'around the swap';
  const stop = (first: StepId[]): StepId[] => {
    const stops = stopUsers(platform, users, first);
    steps.push(...stops);
    return stops.length > 0 ? last(stops) : first;
  };
  add({
    id: 'raise-throttles',
    action: 'raiseThrottles',
    arguments: { store: name, bytesPerSecond: store.restoreThrottle },
    after: still === 'from the beginning' ? stop(['verify-source']) : ['verify-source'],
    undo: { action: 'resetThrottles', arguments: { store: name } },
    undoAlways: true,
  });

  after = ['raise-throttles'];
  // What has one renaming, and one fate, can be one request.
  const groupOf = ({ does, renaming, dataStream }: IndexFate) => JSON.stringify([does.what, renaming, dataStream]);
  const batches = inBatches(fates, groupOf, batchLimits, ({ dataStream }) => dataStream !== undefined);
  const raises = (fate: IndexFate) => replicasOf(fate, wishes.settings) > 0;
  for (const [index, batch] of batches.entries()) {
    const number = index + 1;
    const removed = batch.flatMap(({ name: index, does }) =>
      does.what === 'replace' ? [{ index, uuid: does.uuid }] : [],
    );
    if (removed.length > 0) {
      add({
        id: `remove-${number}`,
        action: 'removeIndices',
        arguments: { store: name, indices: removed },
        after,
        destructive: true,
      });
      after = [`remove-${number}`];
    }
    const [first] = batch;
    const swaps = first?.does.what === 'swap';
    const indices = batch.map(({ source, restored }) => ({ source, restored }));
    add({
      id: `copy-${number}`,
      action: 'copyIndices',
      arguments: {
        store: name,
        ...source,
        indices,
        ...(first?.renaming && { renaming: first.renaming }),
        // What is restored beside its predecessor gets its aliases in the moment of the swap.
        aliases: wishes.aliases && !swaps,
        settings: wishes.settings,
        ignoreSettings: wishes.ignoreSettings,
        ...(batch.some(raises) && { withoutReplicas: true as const }),
      },
      after,
      undo: { action: 'discardCopied', arguments: { store: name, ...source, indices } },
      asks: true,
    });
    add({
      id: `verify-${number}`,
      action: 'verifyCopied',
      arguments: { store: name, ...source, indices, aliases: wishes.aliases && !swaps },
      after: [`copy-${number}`],
    });
    // One batch after the other: what they bring together is the limit.
    after = [`copy-${number}`];
  }
  add({ id: 'reset-throttles', action: 'resetThrottles', arguments: { store: name }, after });

  after = ['reset-throttles', ...batches.map((_batch, index) => `verify-${index + 1}`)];
  const replicas = replicasByNumber(fates.filter(raises), wishes.settings);
  if (Object.keys(replicas).length > 0) {
    add({ id: 'raise-replicas', action: 'raiseReplicas', arguments: { store: name, replicas }, after });
    after = ['raise-replicas'];
  }
  const swaps = swapsOf(situation, fates);
  if (swaps.length > 0) {
    if (still === 'around the swap') after = stop(after);
    // From then on readers see the new data: going back would take it from them.
    add({ id: 'swap-aliases', action: 'swapAliases', arguments: { store: name, swaps }, after, destructive: true });
    after = ['swap-aliases'];
  }
  if (wishes.stopUsers) {
    const started = startUsers(situation, fates, users, after);
    steps.push(...started);
    if (started.length > 0) after = leaves(started);
  }
  // What was copied and proven is not thrown away because a registration cannot be forgotten.
  add({
    id: 'forget-source',
    action: 'forgetSource',
    arguments: { store: name, ...source },
    after,
    skippable: true,
    asks: true,
  });
  const pointOfNoReturn = steps.find(({ destructive }) => destructive)?.id;
  return {
    version: 1,
    kind: 'copy',
    platform: platform.platform,
    host: situation.host,
    recoveryPoint,
    steps,
    ...(pointOfNoReturn !== undefined && { pointOfNoReturn }),
    volumes: [],
    // Both files say what is carried out: a repository that moved is another plan.
    platformFileHash: own ? situation.platformFileHash : `${situation.platformFileHash} ${from.fileHash}`,
  };
}

function replicasByNumber(fates: readonly IndexFate[], settings: Record<string, string>): Record<string, string[]> {
  const numbers = [...new Set(fates.map((fate) => replicasOf(fate, settings)))].toSorted((a, b) => a - b);
  return Object.fromEntries(
    numbers.map((number) => [
      String(number),
      fates.filter((fate) => replicasOf(fate, settings) === number).map(({ restored }) => restored),
    ]),
  );
}

/**
 * The name itself, the aliases that the index brings, and those that its predecessor has: each then means the new index, and
 * its predecessor no more.
 */
function swapsOf({ seen }: CopySituation, fates: readonly IndexFate[]): AliasSwap[] {
  return fates.flatMap(({ name, restored, aliases, does }): AliasSwap[] => {
    if (does.what !== 'swap') return [];
    const predecessors = [...(does.removes ? [does.removes.index] : []), ...does.leaves];
    const theirs = Object.keys(seen.aliases).filter((alias) =>
      seen.aliases[alias]?.some((index) => predecessors.includes(index)),
    );
    return [
      { name, index: restored, ...(does.removes && { removes: does.removes }), leaves: does.leaves },
      ...[...new Set([...aliases, ...theirs])]
        .filter((alias) => alias !== name)
        .toSorted()
        .map((alias) => ({
          name: alias,
          index: restored,
          // One that is deleted has no aliases left.
          leaves: (seen.aliases[alias] ?? []).filter((index) => does.leaves.includes(index)),
        })),
    ];
  });
}
