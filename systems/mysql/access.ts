import { Failure } from '../../domain/failures.ts';
import type { StreamedCommand } from '../docker/streamed/command.ts';
import { markVariable } from '../docker/streamed/marked.ts';
import type { StoreContainer } from '../docker/streamed/store-container.ts';
import { runId } from '../streams/run-id.ts';

/** How a MySQL or MariaDB server is reached: by the programs of its own image, within its own container. */
export interface MysqlAccess {
  container: StoreContainer;
  username: string;
  /** Absent: the server trusts or knows the user by its socket. */
  password?: string;
  /** A socket when it begins with `/`, else a host; absent: the socket that the image has. */
  host?: string;
  port: number;
  /** Marks the run's programs in the container, by which what a dead worker left is found; see `applicationName`. */
  application: string;
}

/** What is set aside lies in databases whose names begin so; they are in no backup. */
export const keptPrefix = 'rekindle_kept_';

/** The database that keeps what a run set aside: the beginning of its own name helps people, the rest is exact; within 64. */
export function keptName(run: string, what: string): string {
  const readable = what.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 24);
  return `${keptPrefix}${readable.toLowerCase()}_${runId(run, what)}`;
}

/** Images of MariaDB 11 and later have only the new names, those of MySQL only the old ones. */
const names = { client: ['mariadb', 'mysql'], dump: ['mariadb-dump', 'mysqldump'] } as const;

/**
 * The options of the connection reach the program as a file that has no name: neither its arguments nor its environment show the
 * password. No file of a user's home is read after it, which could say otherwise.
 */
const start = `exec 3<<REKINDLE_END
$REKINDLE_OPTIONS
REKINDLE_END
unset REKINDLE_OPTIONS MYSQL_PWD MYSQL_HOST
program=$1
command -v "$program" >/dev/null || program=$2
shift 2
exec "$program" --defaults-extra-file=/dev/fd/3 "$@"`;

/** A program of the image. Failure: InvalidArgument when user or password hold a line's end. */
export function program(
  access: MysqlAccess,
  { which, options, what }: { which: keyof typeof names; options: readonly string[]; what: string },
): StreamedCommand {
  const { password, application } = access;
  return {
    command: ['sh', '-c', start, 'sh', ...names[which], ...options],
    environment: {
      REKINDLE_OPTIONS: optionFile(access),
      [markVariable]: application,
      HOME: '/nonexistent',
      LC_ALL: 'C',
    },
    ...(password !== undefined && { secrets: [password] }),
    what,
  };
}

/** Which of the programs the image has, each by one line: `client`, `dump`. */
export const programsCommand = (what: string): StreamedCommand => ({
  command: ['sh', '-c', Object.entries(names).map(present).join('; ')],
  what,
});

/** A name as SQL has it. */
export const identifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A text as SQL has it, whatever `sql_mode` says of backslashes. */
export const literal = (text: string): string =>
  text === '' ? "''" : `_utf8mb4 0x${Buffer.from(text).toString('hex')}`;

function optionFile({ username, password, host, port }: MysqlAccess): string {
  const options = new Map([['user', username]]);
  if (password !== undefined) options.set('password', password);
  if (host?.startsWith('/') === true) options.set('socket', host);
  else if (host !== undefined) options.set('host', host).set('port', String(port));
  for (const [option, value] of options)
    if (/[\r\n\0]/.test(value))
      throw new Failure('InvalidArgument', {
        message: `The ${option} of a MySQL store holds a line's end, which no program of MySQL can read`,
        remedy: 'Remove the line end from the secret, or choose another',
      });
  const lines = [...options].map(
    ([option, value]) => `${option}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  );
  return ['[client]', ...lines].join('\n');
}

function present([which, [first, second]]: [string, readonly string[]]): string {
  return `{ command -v ${first} || command -v ${second}; } >/dev/null 2>&1 && echo ${which}`;
}
