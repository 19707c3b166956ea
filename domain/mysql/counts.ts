import type { ExpectedMysqlDatabase, ExpectedMysqlTable } from './expected.ts';

/**
 * The database with ranges for the tables that are named: from the least to the most rows that were counted at any time. Their
 * samples are left out, since nobody knows which rows the dump has.
 */
export function rangeOf(
  database: ExpectedMysqlDatabase,
  others: readonly ExpectedMysqlDatabase[],
  inexact: readonly string[],
): ExpectedMysqlDatabase {
  const unsure = new Set(inexact);
  return {
    ...database,
    tables: database.tables.map((table): ExpectedMysqlTable => {
      if (!unsure.has(table.name)) return table;
      const counts = [database, ...others].flatMap(({ tables }) =>
        tables.filter(({ name }) => name === table.name).map(({ rows }) => rows),
      );
      const least = Math.min(...counts.map((rows) => rows.least));
      const most = Math.max(...counts.map((rows) => rows.most));
      return { name: table.name, rows: { least, most } };
    }),
  };
}
