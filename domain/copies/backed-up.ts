import { warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import { isNamed } from '../recovery-points/index-patterns.ts';
import type { IndexFate } from './fates.ts';
import type { CopySituation } from './situation.ts';

/**
 * A swap turns the name into an alias, and backups take the indices that the platform file's patterns match: a pattern that
 * is the very name would match no index any more.
 */
export function checkBackedUp({ store }: CopySituation, fates: readonly IndexFate[]): Check[] {
  const lost = fates.filter(
    ({ does, name, restored }) =>
      does.what === 'swap' && isNamed(name, store.indices) && !isNamed(restored, store.indices),
  );
  if (lost.length === 0) return [];
  return [
    warned(
      'backed up',
      `stores.${store.name}.indices means ${listed(lost.map(({ name }) => name))}, and not what is swapped in: ${listed(lost.map(({ restored }) => restored))}`,
      `Add ${listed(lost.map(({ name }) => `'${name}-*'`))} there, or the next backup is refused; --existing replace keeps the name as an index`,
    ),
  ];
}
