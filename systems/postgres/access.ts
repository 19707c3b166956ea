import type { StreamedCommand } from '../docker/streamed/command.ts';
import type { StoreContainer } from '../docker/streamed/store-container.ts';
import { runId } from '../streams/run-id.ts';

/** How a PostgreSQL server is reached: by the programs of its own image, within its own container. */
export interface PostgresAccess {
  container: StoreContainer;
  username: string;
  /** Absent: the server trusts or knows the user by its socket. */
  password?: string;
  /** A folder of sockets, or a host; absent: as the image has it. */
  host?: string;
  port: number;
  /** The run's own name at the server, by which what a dead worker left is found; see `applicationName`. It keeps 63 bytes. */
  application: string;
}

/** Databases cannot be renamed or created from within themselves, and `postgres` may be one that is restored. */
export const maintenance = 'template1';

/** What a database is called while it is set aside for a run: the beginning of its own name helps people, the rest is exact. */
export function keptName(run: string, database: string): string {
  const readable = database.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 24);
  return `rekindle_kept_${readable}_${runId(run, database)}`;
}

/**
 * A program of the image, on one database. Names go through the environment: `--dbname` would take one that holds `=` for
 * options of the connection, and a password has no place on a command line.
 */
export function program(
  { username, password, host, port, application }: PostgresAccess,
  { command, database = maintenance, what }: { command: string[]; database?: string; what: string },
): StreamedCommand {
  return {
    command,
    environment: {
      PGDATABASE: database,
      PGUSER: username,
      PGPORT: String(port),
      PGAPPNAME: application,
      PGCONNECT_TIMEOUT: '30',
      PGCLIENTENCODING: 'UTF8',
      LC_ALL: 'C',
      ...(host !== undefined && { PGHOST: host }),
      ...(password !== undefined && { PGPASSWORD: password }),
    },
    ...(password !== undefined && { secrets: [password] }),
    what,
  };
}

/** A name as SQL has it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL has it, whatever `standard_conforming_strings` says. */
export const literal = (text: string): string =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;
