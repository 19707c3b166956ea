import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { RedisDatabase, RedisExpectedSet } from './expected.ts';

const remedy =
  'Restore this store again, or from another recovery point; the data from before the run is still set aside';

/** What was restored, against what was backed up: one check for each database. */
export function compareRedis(expected: RedisExpectedSet, restored: RedisExpectedSet['databases']): Check[] {
  const { store, databases } = expected;
  if (databases === undefined || restored === undefined)
    return [
      warned(
        `redis ${store}`,
        'The data was loaded, and was not counted: it holds a type that this version of Rekindle does not know',
        'Compare the number of keys by hand (redis-cli info keyspace)',
      ),
    ];
  const numbers = [...new Set([...Object.keys(databases), ...Object.keys(restored)])].toSorted();
  if (numbers.length === 0) return [passed(`redis ${store}`, 'It is empty, as it was')];
  return numbers.map((number) =>
    compareDatabase(`redis ${store}/${number}`, databases[number] ?? empty, restored[number] ?? empty),
  );
}

const empty: RedisDatabase = { persistent: {}, expiring: 0 };

function compareDatabase(name: string, expected: RedisDatabase, restored: RedisDatabase): Check {
  const types = [...new Set([...Object.keys(expected.persistent), ...Object.keys(restored.persistent)])].toSorted();
  const faults = types
    .filter((type) => (expected.persistent[type] ?? 0) !== (restored.persistent[type] ?? 0))
    .map((type) => `${restored.persistent[type] ?? 0} keys of the type ${type}, not ${expected.persistent[type] ?? 0}`);
  if (restored.expiring > expected.expiring)
    faults.push(`${restored.expiring} keys that expire, and there were ${expected.expiring}`);
  if (faults.length > 0) return failed(name, listed(faults), remedy);
  const keys = Object.values(expected.persistent).reduce((sum, count) => sum + count, 0);
  const gone = expected.expiring - restored.expiring;
  const expiring = `${restored.expiring} of ${expected.expiring} that expire${gone > 0 ? ` (the time of ${gone} is over)` : ''}`;
  return passed(name, `${keys} keys that stay, of each type as many as expected, and ${expiring}`);
}
