import { failed, passed, type Check } from '../../domain/checks.ts';
import { listed } from '../../domain/listed.ts';
import type { ElasticsearchStore, IndexName } from '../../domain/platform.ts';
import { isNamed } from '../../domain/recovery-points/index-patterns.ts';
import type { PatternMatch } from '../../systems/elasticsearch/indices.ts';
import { guess } from './names.ts';

/**
 * Whether each pattern of the platform file matches an index, and not only an alias. `present`: what the cluster has. `held`: what a
 * recovery point holds; a pattern that matches one of those stands for data that is lost, and is no slip of the pen.
 */
export function checkPatterns(
  { name: store, indices: patterns }: Pick<ElasticsearchStore, 'name' | 'indices'>,
  matches: readonly PatternMatch[],
  { present, held = [] }: { present: readonly IndexName[]; held?: readonly IndexName[] },
): Check {
  const name = `indices ${store}`;
  const wrong = matches
    .filter(({ indices }) => indices.length === 0)
    .filter(({ pattern }) => !held.some((index) => isNamed(index, [pattern])));
  if (wrong.length === 0) return passed(name, `Each of ${patterns.join(', ')} matches an index`);
  const aliases = wrong.flatMap((match) => match.aliases);
  const nothing = wrong.filter((match) => match.aliases.length === 0).map(({ pattern }) => pattern);
  const bare = nothing.map((pattern) => pattern.replaceAll('*', ''));
  const there = present.length === 0 ? 'the cluster has no index' : `the cluster has ${listed(present)}`;
  return failed(
    name,
    [
      ...(nothing.length === 0 ? [] : [`No index matches ${nothing.join(', ')} (${there})${guess(bare, present)}`]),
      ...aliases.map(({ name: alias, indices }) => `${alias} is an alias of ${listed(indices)}`),
    ].join('; '),
    [
      `Correct stores.${store}.indices in the platform file: a backup takes only the indices that its patterns match`,
      ...aliases.map(
        ({ name: alias, indices }) => `write ${listed(indices)}, or a pattern for it, in place of ${alias}`,
      ),
    ].join('; '),
  );
}
