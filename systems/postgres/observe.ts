import type { ExpectedDatabase, ExpectedTable, PostgresServer } from '../../domain/postgres/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { PostgresAccess } from './access.ts';
import { rows, type Question } from './psql.ts';
import {
  databaseQuery,
  inSnapshot,
  rolesQuery,
  serverQuery,
  stayingQuery,
  tableQuery,
  tablesQuery,
  type FoundTable,
} from './queries.ts';

/** What the server is and holds. Failures: ServiceNotFound, ContainerFailed. */
export async function observeServer(access: PostgresAccess, signal?: AbortSignal): Promise<PostgresServer> {
  return one(
    await rows<PostgresServer>(access, serverQuery, question('Reading what the server holds', undefined, signal)),
  );
}

/**
 * Images make a cluster by a server of their own, which they stop again: it listens to its container alone, and is not the
 * container's first process. Failures: ServiceUnhealthy; those of the container.
 */
export async function demandStaying(access: PostgresAccess, signal?: AbortSignal): Promise<void> {
  if (one(await rows<boolean>(access, stayingQuery, question('Asking which server answers', undefined, signal))))
    return;
  throw new Failure('ServiceUnhealthy', {
    message: `The server in ${access.container.name} listens to its own container alone, as one does that its image stops again`,
    remedy: 'Wait until the image has made its databases; its log says what it does',
  });
}

export async function readRoles(access: PostgresAccess, signal?: AbortSignal): Promise<string[]> {
  return one(await rows<string[]>(access, rolesQuery, question('Reading the roles', undefined, signal)));
}

export interface WhatToCount {
  database: string;
  /** Of a session that holds it; absent: as it is now. */
  snapshot?: string;
  /** Rows of each table that go into its sample; 0: none. */
  samples: number;
  signal?: AbortSignal;
}

/** What a database holds, with exact counts: each table is read once. Failures: ServiceNotFound, ContainerFailed. */
export async function observeDatabase(
  access: PostgresAccess,
  { database, snapshot, samples, signal }: WhatToCount,
): Promise<ExpectedDatabase> {
  const ask = <T>(sql: string, what: string) =>
    rows<T>(access, inSnapshot(snapshot) + sql, question(`${what} of the database ${database}`, database, signal));
  const properties = one(await ask<Omit<ExpectedDatabase, 'tables'>>(databaseQuery, 'Reading the properties'));
  const found = await ask<FoundTable>(tablesQuery, 'Listing the tables');
  const tables =
    found.length === 0
      ? []
      : await ask<ExpectedTable>(found.map((table) => tableQuery(table, samples)).join('\n'), 'Counting the rows');
  return { ...properties, tables };
}

function question(what: string, database: string | undefined, signal: AbortSignal | undefined): Question {
  return { what, ...(database !== undefined && { database }), ...(signal && { signal }) };
}

function one<T>(found: T[]): T {
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`PostgreSQL gave ${found.length} rows, not one`);
  return first;
}
