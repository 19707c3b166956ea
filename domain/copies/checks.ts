import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import { leastDocuments } from '../recovery-points/expected-set.ts';
import type { Fates, IndexFate } from './fates.ts';
import { checkBackedUp } from './backed-up.ts';
import type { CopySituation } from './situation.ts';
import { checkUsers } from './users.ts';
import { checkVersions } from '../versions.ts';

/** What speaks for and against a copy, before anything is touched. */
export function checkCopy(situation: CopySituation, fates: Fates): Check[] {
  const { expected, seen, created } = situation;
  return [
    ...checkVersions({ snapshot: expected.elasticsearchVersion, target: seen.version, ...(created && { created }) }),
    checkChoice(situation, fates),
    ...checkUsers(situation, fates.fates),
    ...checkExisting(fates),
    ...checkBackedUp(situation, fates.fates),
    ...checkAliases(situation, fates),
    ...checkSettings(situation),
    ...checkAllocation(situation, fates),
    checkShards(situation, fates),
    checkRoom(situation, fates),
  ];
}

const copied = ({ fates }: Fates) => fates.filter(({ does }) => does.what !== 'skip' && does.what !== 'fail');

function checkChoice({ expected, wishes }: CopySituation, { chosen, leftOut, unmatched }: Fates): Check {
  const name = 'indices';
  const all = expected.indices.length;
  if (unmatched.length > 0 && wishes.indices.join() !== '*')
    return failed(
      name,
      `The recovery point holds nothing that matches ${listed(unmatched)}`,
      `Correct --indices; it holds ${listed(expected.indices.map((index) => index.name))}`,
    );
  if (chosen.length === 0) return failed(name, 'No index is chosen', 'Correct --indices');
  const meant = expected.indices.filter((index) => chosen.includes(index.name));
  const evidence = `${chosen.length} of ${all} indices, at least ${leastDocuments(meant)} documents`;
  return leftOut.length === 0
    ? passed(name, evidence)
    : warned(
        name,
        `${evidence}; left out as Elasticsearch's own: ${listed(leftOut)}`,
        'Name one exactly in --indices when it is wanted all the same',
      );
}

/** Each index that stands in the way is a check of its own, up to some: a person corrects all at once. */
function checkExisting({ fates }: Fates): Check[] {
  const bad = fates.filter(({ does }) => does.what === 'fail');
  if (bad.length > 0) {
    const whys = bad.flatMap(({ does }) => (does.what === 'fail' ? [does] : []));
    return [...new Map(whys.map((why) => [why.remedy, why])).values()].map(({ remedy }) => {
      const same = whys.filter((why) => why.remedy === remedy).map(({ why }) => why);
      return failed('names', listed([...new Set(same)]), remedy);
    });
  }
  const by = (what: IndexFate['does']['what']) =>
    fates.filter(({ does }) => does.what === what).map(({ name }) => name);
  const [skip, replace, swap] = [by('skip'), by('replace'), by('swap')];
  if (skip.length === fates.length && fates.length > 0)
    return [
      failed(
        'names',
        `All are there already: ${listed(skip)}`,
        'There is nothing to copy; to bring them all the same, choose replace or swap with --existing',
      ),
    ];
  const words = [
    ...(skip.length > 0 ? [`${skip.length} are there and stay as they are: ${listed(skip)}`] : []),
    ...(replace.length > 0 ? [`${replace.length} are deleted and created again: ${listed(replace)}`] : []),
    ...(swap.length > 0 ? [`${swap.length} are swapped in: ${listed(swap)}`] : []),
  ];
  return [passed('names', words.length === 0 ? 'All names are free' : words.join('; '))];
}

/** An alias that means something on the destination already would mean both afterwards. */
function checkAliases({ seen }: CopySituation, fates: Fates): Check[] {
  const brought = copied(fates);
  const aliases = [...new Set(brought.flatMap((fate) => fate.aliases))];
  const remedy = 'Leave aliases out with --no-aliases, or give other names with --rename';
  const names = new Set([...brought.map(({ name }) => name), ...seen.dataStreams]);
  const gone = new Set(
    brought.flatMap(({ does, name }) => (does.what === 'swap' || does.what === 'replace' ? [name] : [])),
  );
  const clash = aliases.filter((alias) => names.has(alias) || (seen.indices[alias] !== undefined && !gone.has(alias)));
  if (clash.length > 0) return [failed('aliases', `Also the name of an index: ${listed(clash)}`, remedy)];
  const shared = aliases.filter((alias) => {
    const others = (seen.aliases[alias] ?? []).filter((index) => !gone.has(index));
    const leaves = brought.flatMap(({ does }) => (does.what === 'swap' ? does.leaves : []));
    return others.some((index) => !leaves.includes(index));
  });
  if (shared.length > 0)
    return [
      warned(
        'aliases',
        `Already aliases of other indices on the destination, and of both afterwards: ${listed(shared)}`,
        remedy,
      ),
    ];
  return aliases.length === 0 ? [] : [passed('aliases', `${aliases.length} come along`)];
}

/** Settings that a restore may not change, as Elasticsearch has them. */
const fixed =
  /^index\.(number_of_shards|version\.|uuid|creation_date|history_uuid|soft_deletes\.enabled|sort\.|analysis\.)/;

function checkSettings({ wishes: { settings, ignoreSettings } }: CopySituation): Check[] {
  const named = [...Object.keys(settings), ...ignoreSettings];
  const wrong = [
    ...named.filter((name) => !name.startsWith('index.') || fixed.test(name)),
    // They can have another value, but not none.
    ...ignoreSettings.filter((name) => /^index\.(number_of_|auto_expand_)replicas$/.test(name)),
  ];
  const limits = named.filter((name) => /^index\.mapping\..*limit$/.test(name));
  if (wrong.length === 0 && limits.length > 0)
    return [
      warned(
        'settings',
        `An index whose mapping is beyond the limit that it gets is restored, and then refuses documents with new fields: ${listed(limits)}`,
        'Leave these settings as they are, unless the mappings are known to be smaller',
      ),
    ];
  if (wrong.length === 0) return [];
  return [
    failed(
      'settings',
      `A restore cannot change ${listed(wrong)}`,
      'Name settings in full (index.…), and none that an index is created with',
    ),
  ];
}

/** On a living cluster its own rules hold: a restore waits for ever where no shard is placed. */
function checkAllocation({ seen: { allocation }, wishes }: CopySituation, fates: Fates): Check[] {
  if (allocation === undefined) return [];
  const name = 'allocation';
  const evidence = `cluster.routing.allocation.enable is ${allocation}`;
  const remedy = 'Set cluster.routing.allocation.enable to all, or find out who wants it otherwise';
  if (allocation === 'none') return [failed(name, `${evidence}, so no shard is placed`, remedy)];
  const replicas = copied(fates).some((fate) => replicasOf(fate, wishes.settings) > 0);
  return replicas ? [warned(name, `${evidence}, so no replicas are placed`, remedy)] : [passed(name, evidence)];
}

/** Elasticsearch refuses a restore that would exceed `cluster.max_shards_per_node`; found here, nothing is half copied. */
function checkShards({ seen, wishes }: CopySituation, fates: Fates): Check {
  const name = 'shards';
  const wanted = copied(fates).reduce((sum, fate) => sum + fate.primaries * (1 + replicasOf(fate, wishes.settings)), 0);
  if (seen.shards === undefined)
    return warned(name, `${wanted} are added, the limit is not known`, 'Compare it with cluster.max_shards_per_node');
  const evidence = `${seen.shards.open} open, ${wanted} are added, ${seen.shards.most} allowed`;
  return seen.shards.open + wanted <= seen.shards.most
    ? passed(name, evidence)
    : failed(
        name,
        evidence,
        'Copy fewer indices, fewer replicas (--setting index.number_of_replicas=0), or raise cluster.max_shards_per_node',
      );
}

function checkRoom({ expected, seen, wishes }: CopySituation, fates: Fates): Check {
  const name = 'disk';
  const brought = copied(fates);
  const copies = Math.max(
    1,
    ...brought.map((fate) => 1 + Math.min(replicasOf(fate, wishes.settings), Math.max(0, seen.dataNodes - 1))),
  );
  const needed = expected.totalBytes * copies;
  if (seen.freeBytes === undefined)
    return warned(name, 'The free space is not known', 'Compare it with _cat/allocation');
  const part =
    brought.length < expected.indices.length
      ? `, of which ${brought.length} of ${expected.indices.length} indices are wanted`
      : '';
  const evidence = `${gigabytes(seen.freeBytes)} free below the watermark, the snapshot needs ${gigabytes(needed)} with replicas${part}`;
  if (needed <= seen.freeBytes) return passed(name, evidence);
  const remedy =
    'Make room on the data nodes, copy fewer indices, or fewer replicas (--setting index.number_of_replicas=0)';
  // How much a part of it needs is not known, but where no room is at all, no part has any.
  return part === '' || seen.freeBytes === 0 ? failed(name, evidence, remedy) : warned(name, evidence, remedy);
}

/** How many replicas an index has in the end. */
export function replicasOf({ replicas }: Pick<IndexFate, 'replicas'>, settings: Record<string, string>): number {
  const wanted = settings['index.number_of_replicas'];
  return wanted === undefined ? (replicas ?? 1) : Number(wanted) || 0;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
