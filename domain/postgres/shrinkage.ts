import { few, isShrunk } from '../streams/counts.ts';
import { tableName, type PostgresExpectedSet } from './expected.ts';

/**
 * What a backup holds less than the one before, a sentence each: databases that are gone, tables that are gone or empty, and
 * databases with fewer rows than `mayShrinkPercent` allows for; none: all is as it should be.
 */
export function postgresShrinkage(
  before: Pick<PostgresExpectedSet, 'databases'>,
  now: Pick<PostgresExpectedSet, 'databases'>,
  mayShrinkPercent: number,
): string[] {
  const present = new Map(now.databases.map((database) => [database.name, database]));
  return before.databases.flatMap(({ name, tables }) => {
    const there = present.get(name);
    if (there === undefined) return [`the database ${name} is gone`];
    const rowsNow = new Map(there.tables.map((table) => [tableName(table), table.rows]));
    const emptied = tables
      .filter((table) => table.rows > few && (rowsNow.get(tableName(table)) ?? 0) === 0)
      .map((table) => `${name}: ${tableName(table)} had ${table.rows} rows and has none`);
    const [then, left] = [sum(tables), sum(there.tables)];
    if (isShrunk(then, left, mayShrinkPercent)) return [`${name} has ${left} rows, of ${then}`, ...emptied];
    return mayShrinkPercent < 100 ? emptied : [];
  });
}

const sum = (tables: readonly { rows: number }[]): number => tables.reduce((total, { rows }) => total + rows, 0);

export const rowsOf = ({ databases }: Pick<PostgresExpectedSet, 'databases'>): number =>
  databases.reduce((total, { tables }) => total + sum(tables), 0);
