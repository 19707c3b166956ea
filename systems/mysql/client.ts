import { Readable } from 'node:stream';
import type { StreamedCommand } from '../docker/streamed/command.ts';
import { program, type MysqlAccess } from './access.ts';

/** A list of all tables of a very large server fits in. */
const mostBytes = 64 * 1024 * 1024;

export interface Question {
  /** For messages: `Reading the tables of app`. */
  what: string;
  signal?: AbortSignal;
}

/** What makes the same row the same text on every server, and keeps a session alive and unhindered. */
export const settings = [
  "set time_zone = '+00:00'",
  "set sql_mode = ''",
  'set group_concat_max_len = 1048576',
  'set lock_wait_timeout = 60',
  'set innodb_lock_wait_timeout = 60',
  'set wait_timeout = 2147483',
  'set net_write_timeout = 86400',
  'set net_read_timeout = 86400',
].join('; ');

/** The client as a program: nothing but values, each line at once; it stops at the first error. `escaped`: line ends in values as \n. */
export function client(
  access: MysqlAccess,
  { what }: Pick<Question, 'what'>,
  { escaped = false, tolerant = false }: { escaped?: boolean; tolerant?: boolean } = {},
): StreamedCommand {
  const output = ['--batch', '--skip-column-names', '--unbuffered', ...(escaped ? [] : ['--raw'])];
  // In binary mode no line of a dump is a command to the client, such as one that starts a shell.
  const input = ['--binary-mode', '--default-character-set=utf8mb4', '--max-allowed-packet=1G'];
  return program(access, {
    which: 'client',
    options: [...output, ...input, ...(tolerant ? ['--force'] : [])],
    what,
  });
}

/** Runs statements and returns what they printed. Failures: ContainerFailed, with the server's own words. */
export async function run(
  access: MysqlAccess,
  sql: string,
  question: Question,
  how: { escaped?: boolean; tolerant?: boolean } = {},
): Promise<string> {
  const { signal } = question;
  const script = Readable.from([Buffer.from(`${settings};\n${sql}\n`)]);
  return access.container.feed(client(access, question, how), script, {
    keptBytes: mostBytes,
    ...(signal && { signal }),
  });
}

/** The rows of a query, each one JSON document on one line. */
export async function rows<T>(access: MysqlAccess, sql: string, question: Question): Promise<T[]> {
  return documents(linesOf(await run(access, sql, question)));
}

export const documents = <T>(lines: readonly string[]): T[] => lines.map((line) => JSON.parse(line) as T);

export const linesOf = (output: string): string[] => output.split('\n').filter((line) => line !== '');

/** What the client made of a value with `escaped`, back again. */
export const unescaped = (value: string): string =>
  value.replaceAll(/\\([\\nt0])/g, (_, sign: string) => meanings[sign] ?? sign);

const meanings: Record<string, string> = { n: '\n', t: '\t', '0': '\0' };
