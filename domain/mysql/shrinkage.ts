import { few, isShrunk } from '../streams/counts.ts';
import type { MysqlExpectedSet } from './expected.ts';

type Content = Pick<MysqlExpectedSet, 'databases'>;

/**
 * What a backup holds less than the one before, a sentence each: databases that are gone, tables that are gone or empty, and
 * databases with fewer rows than `mayShrinkPercent` allows for; none: all is as it should be. Of a range, its middle does not
 * matter: as many as there may have been, now, against as few as there may have been, before.
 */
export function mysqlShrinkage(before: Content, now: Content, mayShrinkPercent: number): string[] {
  const present = new Map(now.databases.map((database) => [database.name, database]));
  return before.databases.flatMap(({ name, tables }) => {
    const there = present.get(name);
    if (there === undefined) return [`the database ${name} is gone`];
    const rowsNow = new Map(there.tables.map((table) => [table.name, table.rows.most]));
    const emptied = tables
      .filter((table) => table.rows.least > few && (rowsNow.get(table.name) ?? 0) === 0)
      .map((table) => `${name}: ${table.name} had ${table.rows.least} rows and has none`);
    const then = tables.reduce((total, { rows }) => total + rows.least, 0);
    const left = there.tables.reduce((total, { rows }) => total + rows.most, 0);
    if (isShrunk(then, left, mayShrinkPercent)) return [`${name} has ${left} rows, of ${then}`, ...emptied];
    return mayShrinkPercent < 100 ? emptied : [];
  });
}

export const mysqlRows = ({ databases }: Content): number =>
  databases.flatMap(({ tables }) => tables).reduce((total, { rows }) => total + rows.least, 0);
