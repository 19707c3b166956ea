import { failed, passed, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import { countText } from '../streams/counts.ts';
import type { ExpectedMysqlDatabase, ExpectedMysqlTable, ExpectedUser, MysqlExpectedSet } from './expected.ts';

const remedy =
  'Restore this store again, or from another recovery point; the data from before the run is still set aside';

/** What was restored, against what was backed up: one check for the accounts, and one for each database. */
export function compareMysql(
  expected: MysqlExpectedSet,
  restored: Pick<MysqlExpectedSet, 'users' | 'databases'>,
): Check[] {
  const present = new Map(restored.databases.map((database) => [database.name, database]));
  return [
    compareUsers(expected, restored.users),
    ...expected.databases.map((database) => compareDatabase(expected.store, database, present.get(database.name))),
  ];
}

function compareUsers({ store, users }: MysqlExpectedSet, restored: readonly ExpectedUser[]): Check {
  const name = `users ${store}`;
  const present = new Map(restored.map((user) => [user.name, user]));
  const missing = users.filter((user) => !present.has(user.name));
  if (missing.length > 0) return failed(name, `Missing: ${listed(missing.map((user) => user.name))}`, remedy);
  const fewer = users.filter((user) => (present.get(user.name)?.grants ?? 0) < user.grants);
  if (fewer.length > 0) {
    const named = listed(fewer.map((user) => user.name));
    return failed(
      name,
      `Without all of their rights: ${named}`,
      `Compare SHOW GRANTS with the part "users" of the point`,
    );
  }
  return passed(name, `All ${users.length} users and roles are there with their rights`);
}

function compareDatabase(
  store: string,
  expected: ExpectedMysqlDatabase,
  restored: ExpectedMysqlDatabase | undefined,
): Check {
  const name = `database ${store}/${expected.name}`;
  if (restored === undefined) return failed(name, 'The database is missing', remedy);
  const faults = [
    ...propertyFaults(expected, restored),
    ...objectFaults(expected, restored),
    ...tableFaults(expected, restored),
  ];
  if (faults.length > 0) return failed(name, listed(faults), remedy);
  const { tables } = expected;
  const least = sum(tables, ({ rows }) => rows.least);
  const rows = countText({ least, most: sum(tables, (table) => table.rows.most) });
  const samples = tables.filter(({ sample }) => sample !== undefined).length;
  return passed(name, `${tables.length} tables with ${rows} rows as expected; samples of ${samples} tables are equal`);
}

function propertyFaults(expected: ExpectedMysqlDatabase, restored: ExpectedMysqlDatabase): string[] {
  const properties = { characterSet: 'character set', collation: 'collation' } as const;
  return (['characterSet', 'collation'] as const)
    .filter((key) => expected[key] !== restored[key])
    .map((key) => `its ${properties[key]} is ${restored[key]}, not ${expected[key]}`);
}

/** More than was expected is none: a later version of the server may count more. */
function objectFaults(expected: ExpectedMysqlDatabase, restored: ExpectedMysqlDatabase): string[] {
  return Object.entries(expected.objects)
    .filter(([kind, count]) => (restored.objects[kind] ?? 0) < count)
    .map(([kind, count]) => `${restored.objects[kind] ?? 0} ${kind} of ${count}`);
}

function tableFaults(expected: ExpectedMysqlDatabase, restored: ExpectedMysqlDatabase): string[] {
  const present = new Map(restored.tables.map((table) => [table.name, table]));
  return expected.tables.flatMap((table) => tableFault(table, present.get(table.name)) ?? []);
}

function tableFault(expected: ExpectedMysqlTable, restored: ExpectedMysqlTable | undefined): string | undefined {
  const { name, rows, sample } = expected;
  if (restored === undefined) return `the table ${name} is missing`;
  const found = restored.rows.least;
  if (found < rows.least || found > rows.most) return `${name} has ${found} rows, not ${countText(rows)}`;
  if (sample !== undefined && restored.sample !== sample)
    return `the first rows of ${name} are not those that were backed up`;
  return undefined;
}

const sum = <T>(all: readonly T[], of: (each: T) => number): number => all.reduce((total, each) => total + of(each), 0);
