import { Readable } from 'node:stream';
import type { StreamedCommand } from '../docker/streamed/command.ts';
import { program, type PostgresAccess } from './access.ts';

/** A list of all tables of a very large database fits in. */
const mostBytes = 64 * 1024 * 1024;

export interface Question {
  database?: string;
  /** For messages: `Reading the tables of app`. */
  what: string;
  signal?: AbortSignal;
}

// cspell:ignore datestyle intervalstyle

/** What makes the same row the same text on every server, and keeps a session alive and unhindered. */
export const settings = [
  "set timezone = 'UTC'",
  "set datestyle = 'ISO, MDY'",
  "set intervalstyle = 'postgres'",
  "set bytea_output = 'hex'",
  'set extra_float_digits = 1',
  "set lc_monetary = 'C'",
  "set search_path = ''",
  'set row_security = off',
  'set statement_timeout = 0',
  'set idle_in_transaction_session_timeout = 0',
  "set lock_timeout = '60s'",
].join('; ');

/** psql as a program: no start-up file, no frames, nothing but values; it stops at the first error. */
export function psql(access: PostgresAccess, { database, what }: Question): StreamedCommand {
  const command = ['psql', '-X', '-q', '-A', '-t', '-w', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=terse'];
  return program(access, { command, what, ...(database !== undefined && { database }) });
}

/** Runs statements and returns what they printed. Failures: ContainerFailed, with the server's own words. */
export async function run(access: PostgresAccess, sql: string, question: Question): Promise<string> {
  const { signal } = question;
  return access.container.feed(psql(access, question), Readable.from([Buffer.from(`${settings};\n${sql}\n`)]), {
    keptBytes: mostBytes,
    ...(signal && { signal }),
  });
}

/** The rows of a query, each one JSON document on one line. */
export async function rows<T>(access: PostgresAccess, sql: string, question: Question): Promise<T[]> {
  const output = await run(access, sql, question);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
