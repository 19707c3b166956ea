import type { ExpectedMysqlDatabase, ExpectedMysqlTable, MysqlServer } from '../../domain/mysql/expected.ts';
import { Failure } from '../../domain/failures.ts';
import { programsCommand, type MysqlAccess } from './access.ts';
import { linesOf, rows } from './client.ts';
import {
  columnsQuery,
  databaseQuery,
  databasesQuery,
  privilegesQuery,
  serverQuery,
  tableQuery,
  tablesQuery,
  withoutTransactionsQuery,
  type FoundColumn,
  type FoundDatabase,
  type FoundServer,
  type FoundTable,
} from './queries.ts';

/** Carries out queries that give JSON documents: each at its own time, or all in a session. */
export type Ask = <T>(sql: string, what: string) => Promise<T[]>;

export const asking =
  (access: MysqlAccess, signal?: AbortSignal): Ask =>
  (sql, what) =>
    rows(access, sql, { what, ...(signal && { signal }) });

/** What the server is and holds. Failures: ServiceNotFound, ContainerFailed. */
export async function observeServer(ask: Ask): Promise<MysqlServer> {
  const [found] = await ask<FoundServer>(serverQuery, 'Reading what the server is');
  if (found === undefined) throw new Error('MySQL said nothing of itself');
  const { version, readOnly, binaryLog, lowerCaseTableNames, user } = found;
  const privileges = await ask<{ privilege: string }>(privilegesQuery, 'Reading the privileges');
  const databases = await ask<{ name: string; bytes: number }>(databasesQuery, 'Listing the databases');
  const without = await ask<{ database: string; table: string }>(withoutTransactionsQuery, 'Listing the engines');
  return {
    flavour: /mariadb/i.test(version) ? 'mariadb' : 'mysql',
    serverVersion: /^\d+(\.\d+)*/.exec(version)?.[0] ?? version,
    lowerCaseTableNames,
    readOnly: readOnly === 1,
    binaryLog: binaryLog === 1,
    privileges: privileges.map(({ privilege }) => privilege),
    user,
    databases: Object.fromEntries(databases.map(({ name, bytes }) => [name, bytes])),
    withoutTransactions: without.map(({ database, table }) => `${database}.${table}`),
  };
}

/** Which of the two programs the container has. Failure: ServiceNotFound. */
export async function observePrograms({ container }: MysqlAccess, signal?: AbortSignal): Promise<string[]> {
  const nothing = (async function* (): AsyncGenerator<Uint8Array> {})();
  return linesOf(
    await container.feed(programsCommand('Looking for the programs of MySQL'), nothing, { ...(signal && { signal }) }),
  );
}

export interface ObservedDatabase extends ExpectedMysqlDatabase {
  /** Names of the tables whose rows no snapshot has. */
  withoutTransactions: string[];
}

/** What a database holds: each table is read once. `samples`: rows of each table that go into its sample. */
export async function observeDatabase(
  ask: Ask,
  { database, samples }: { database: string; samples: number },
): Promise<ObservedDatabase> {
  const of = ` of the database ${database}`;
  const [found] = await ask<FoundDatabase>(databaseQuery(database), `Reading the properties${of}`);
  if (found === undefined) throw gone(database);
  const tables = await ask<FoundTable>(tablesQuery(database), `Listing the tables${of}`);
  const columns = await columnsOf(ask, database, samples);
  const queries = tables.map(({ name }) => tableQuery(database, name, columns.get(name) ?? [], samples));
  const counted =
    queries.length === 0
      ? []
      : await ask<{ rows: number; sample?: string }>(queries.join('\n'), `Counting the rows${of}`);
  if (counted.length !== tables.length) throw gone(database);
  return {
    ...found,
    tables: tables.map(({ name }, at): ExpectedMysqlTable => {
      const { rows: count = 0, sample } = counted[at] ?? {};
      return { name, rows: { least: count, most: count }, ...(sample !== undefined && { sample }) };
    }),
    withoutTransactions: tables.filter(({ transactional }) => transactional === 0).map(({ name }) => name),
  };
}

async function columnsOf(ask: Ask, database: string, samples: number): Promise<Map<string, FoundColumn[]>> {
  const columns = new Map<string, FoundColumn[]>();
  if (samples === 0) return columns;
  const found = await ask<FoundColumn>(columnsQuery(database), `Reading the columns of the database ${database}`);
  for (const column of found) {
    const known = columns.get(column.table);
    if (known) known.push(column);
    else columns.set(column.table, [column]);
  }
  return columns;
}

function gone(database: string): Failure {
  return new Failure('ContainerFailed', {
    message: `The database ${database} changed while its tables were counted`,
    remedy: 'Retry when nobody creates or removes databases and tables',
  });
}
