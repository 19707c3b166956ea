import type { StoreName } from '../platform.ts';

/**
 * What a restore of a PostgreSQL store must bring back, counted in the very snapshot that was dumped: exact, though others
 * wrote meanwhile. Names, counts and hashes only, since it is kept unencrypted.
 */
export interface PostgresExpectedSet {
  version: 1;
  store: StoreName;
  /** As `server_version_num`: 160014. */
  serverVersion: number;
  /** Names of the roles that the globals create. */
  roles: string[];
  databases: ExpectedDatabase[];
}

export interface ExpectedDatabase {
  name: string;
  owner: string;
  encoding: string;
  /** Rules of sorting and of characters, as `C` or `en_US.utf8`; and who has them: `c` (libc), `i` (ICU), `b` (built in). */
  collate: string;
  ctype: string;
  provider: string;
  /** Version by name. */
  extensions: Record<string, string>;
  tables: ExpectedTable[];
  /** How many there are, by kind: views, sequences, functions, triggers, indexes, constraints, large objects. */
  objects: Record<string, number>;
}

export interface ExpectedTable {
  schema: string;
  name: string;
  rows: number;
  /** SHA-256 over the first rows in the order of the primary key, as text; absent: no key, or no samples are wanted. */
  sample?: string;
}

/** What can be asked of a server before anything is done. */
export interface PostgresServer {
  serverVersion: number;
  /** Version that can be created, by name. */
  availableExtensions: Record<string, string>;
  superuser: boolean;
  /** A standby takes no writes. */
  inRecovery: boolean;
  /** Names of those that people made. */
  tablespaces: string[];
  /** Bytes by database. */
  databases: Record<string, number>;
}

/** As people write a table: `public.job`. */
export const tableName = ({ schema, name }: Pick<ExpectedTable, 'schema' | 'name'>): string => `${schema}.${name}`;
