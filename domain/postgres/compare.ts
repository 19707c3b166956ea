import { failed, passed, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import { tableName, type ExpectedDatabase, type ExpectedTable, type PostgresExpectedSet } from './expected.ts';

const remedy =
  'Restore this database again, or from another recovery point; the data from before the run is still set aside';

/** What was restored, against what was backed up: one check for the roles, and one for each database. */
export function comparePostgres(
  expected: PostgresExpectedSet,
  restored: Pick<PostgresExpectedSet, 'roles' | 'databases'>,
): Check[] {
  const present = new Map(restored.databases.map((database) => [database.name, database]));
  const missing = expected.roles.filter((role) => !restored.roles.includes(role));
  const roles = `roles ${expected.store}`;
  return [
    missing.length === 0
      ? passed(roles, `All ${expected.roles.length} roles are there`)
      : failed(roles, `Missing: ${listed(missing)}`, remedy),
    ...expected.databases.map((database) => compareDatabase(expected.store, database, present.get(database.name))),
  ];
}

function compareDatabase(store: string, expected: ExpectedDatabase, restored: ExpectedDatabase | undefined): Check {
  const name = `database ${store}/${expected.name}`;
  if (restored === undefined) return failed(name, 'The database is missing', remedy);
  const faults = [
    ...propertyFaults(expected, restored),
    ...objectFaults(expected, restored),
    ...tableFaults(expected, restored),
  ];
  if (faults.length > 0) return failed(name, listed(faults), remedy);
  const rows = expected.tables.reduce((sum, table) => sum + table.rows, 0);
  const samples = expected.tables.filter(({ sample }) => sample !== undefined).length;
  return passed(
    name,
    `${expected.tables.length} tables with ${rows} rows as expected; samples of ${samples} tables are equal`,
  );
}

function propertyFaults(expected: ExpectedDatabase, restored: ExpectedDatabase): string[] {
  return (['owner', 'encoding', 'collate', 'ctype', 'provider'] as const)
    .filter((key) => expected[key] !== restored[key])
    .map((key) => `its ${key} is ${restored[key]}, not ${expected[key]}`);
}

/** More than was expected is none: a later version of an extension or of the server may have more. */
function objectFaults(expected: ExpectedDatabase, restored: ExpectedDatabase): string[] {
  const extensions = Object.keys(expected.extensions)
    .filter((extension) => !Object.hasOwn(restored.extensions, extension))
    .map((extension) => `the extension ${extension} is missing`);
  const fewer = Object.entries(expected.objects)
    .filter(([kind, count]) => (restored.objects[kind] ?? 0) < count)
    .map(([kind, count]) => `${restored.objects[kind] ?? 0} ${kind} of ${count}`);
  return [...extensions, ...fewer];
}

function tableFaults(expected: ExpectedDatabase, restored: ExpectedDatabase): string[] {
  const present = new Map(restored.tables.map((table) => [tableName(table), table]));
  return expected.tables.flatMap((table) => tableFault(table, present.get(tableName(table))) ?? []);
}

function tableFault(expected: ExpectedTable, restored: ExpectedTable | undefined): string | undefined {
  const name = tableName(expected);
  if (restored === undefined) return `the table ${name} is missing`;
  if (restored.rows !== expected.rows) return `${name} has ${restored.rows} rows, not ${expected.rows}`;
  if (expected.sample !== undefined && restored.sample !== expected.sample)
    return `the first rows of ${name} are not those that were backed up`;
  return undefined;
}
