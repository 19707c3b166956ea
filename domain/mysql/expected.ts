import type { StoreName } from '../platform.ts';
import type { Counted } from '../streams/counts.ts';

/** The two families that were one; what one of them dumps, the other need not understand. */
export type MysqlFlavour = 'mysql' | 'mariadb';

/**
 * What a restore of a MySQL or MariaDB store must bring back. Names, counts and hashes only, since it is kept unencrypted.
 */
export interface MysqlExpectedSet {
  version: 1;
  store: StoreName;
  flavour: MysqlFlavour;
  /** As the server says it, without what its packager adds: `10.11.19`. */
  serverVersion: string;
  /** The server's `lower_case_table_names`: how it tells names apart. */
  lowerCaseTableNames: number;
  users: ExpectedUser[];
  databases: ExpectedMysqlDatabase[];
  /** Of the moment of the dump; absent: the server keeps no binary log, or writes could not be held up for a moment. */
  position?: ReplicationPosition;
}

/** Where the server's binary log stood: from here a replica, or a recovery to a point in time, goes on. */
export interface ReplicationPosition {
  file: string;
  position: number;
  /** Empty: none. */
  gtids: string;
}

export interface ExpectedUser {
  /** As `app@%`; a role of MariaDB has no host: `reader`. */
  name: string;
  /** How many statements it takes to give it its rights. */
  grants: number;
}

export interface ExpectedMysqlDatabase {
  name: string;
  characterSet: string;
  collation: string;
  tables: ExpectedMysqlTable[];
  /** How many there are, by kind: views, triggers, functions, procedures, events, sequences, indexes, constraints. */
  objects: Record<string, number>;
}

export interface ExpectedMysqlTable {
  name: string;
  /**
   * Exact when counted in the very snapshot that was dumped; not so of tables without transactions, nor of any when the server did
   * not let its writes be held up for a moment.
   */
  rows: Counted;
  /** SHA-256 over the first rows in the order of the primary key; absent: no key, a range of rows, or no samples are wanted. */
  sample?: string;
}

/** What can be asked of a server before anything is done. */
export interface MysqlServer {
  flavour: MysqlFlavour;
  serverVersion: string;
  lowerCaseTableNames: number;
  readOnly: boolean;
  binaryLog: boolean;
  /** Global privileges of the user, as the server names them: `SELECT`. */
  privileges: string[];
  /** As the server knows it: `root@localhost`. */
  user: string;
  /** Bytes by database, of those that are not the server's own. */
  databases: Record<string, number>;
  /** Tables whose engine knows no transactions, as `database.table`. */
  withoutTransactions: string[];
}
