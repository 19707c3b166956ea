import { Failure } from '../../domain/failures.ts';
import type { MysqlServer, ReplicationPosition } from '../../domain/mysql/expected.ts';
import { isOlder } from '../../domain/mysql/compatibility.ts';
import type { Held } from '../docker/streamed/hold.ts';
import type { MysqlAccess } from './access.ts';
import { client, documents, linesOf, settings } from './client.ts';
import type { Ask } from './observe.ts';

/** A session that sees the server as it was at one moment. */
export interface Snapshot {
  /** Whether nobody writes until `unlock`. */
  locked: boolean;
  /** Of its moment; only when nobody wrote. */
  position?: ReplicationPosition;
  ask: Ask;
  /** From now on others write again; what the session sees stays. */
  unlock: () => Promise<void>;
  /** Ends the session, however it stands. */
  release: () => Promise<void>;
}

/** So long may statements that run already keep the lock waiting, in seconds: whoever writes meanwhile waits behind it. */
const lockWaitSeconds = 10;

/** No line that a query gives: those are JSON. */
const end = 'rekindle-end';

const begin = `set session transaction isolation level repeatable read;
start transaction with consistent snapshot, read only;
set lock_wait_timeout = 60;
select '${end}';
`;

/**
 * Begins a snapshot while all writes are held up, as mysqldump itself does to note a position. Where that is refused (no
 * privilege, or a statement that takes too long), a snapshot is begun without. Failures: ServiceNotFound, ContainerFailed.
 */
export async function openSnapshot(access: MysqlAccess, server: MysqlServer, signal?: AbortSignal): Promise<Snapshot> {
  const lock = `set lock_wait_timeout = ${lockWaitSeconds};\nflush tables with read lock;\n`;
  const open = async (sql: string): Promise<Held> =>
    access.container.hold(client(access, { what: 'The session that holds a snapshot' }), `${settings};\n${sql}`, {
      ...(signal && { signal }),
    });
  try {
    const held = await open(`${lock}${begin}`);
    try {
      const position = server.binaryLog ? await readPosition(held, server) : undefined;
      return { ...snapshotOf(held), locked: true, ...(position && { position }) };
    } catch (error) {
      await held.release().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { ...snapshotOf(await open(begin)), locked: false };
  }
}

function snapshotOf(held: Held): Omit<Snapshot, 'locked' | 'position'> {
  return {
    ask: async (sql) => documents(await lines(held, sql)),
    unlock: async () => void (await lines(held, 'unlock tables;')),
    release: () => held.release(),
  };
}

const lines = async (held: Held, sql: string): Promise<string[]> =>
  linesOf((await held.ask(`${sql}\nselect '${end}';\n`, end)).join('\n'));

/** ER_SPECIFIC_ACCESS_DENIED, ER_LOCK_WAIT_TIMEOUT; a lock that some cloud's server refuses in general is the first, too. */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure && /ERROR (1227|1205|1045|1223)\b/.test(error.message);
}

async function readPosition(
  held: Held,
  { flavour, serverVersion }: MysqlServer,
): Promise<ReplicationPosition | undefined> {
  const renamed = flavour === 'mysql' && !isOlder(serverVersion, '8.2');
  const [line = ''] = await lines(held, `show ${renamed ? 'binary log' : 'master'} status;`);
  const [file = '', position = ''] = line.split('\t');
  if (!/^\d+$/.test(position)) return undefined;
  const variable = flavour === 'mariadb' ? 'gtid_binlog_pos' : 'gtid_executed';
  const sql = `select json_object('gtids', replace(@@global.${variable}, '\\n', ''));`;
  const [found] = documents<{ gtids: string }>(await lines(held, sql));
  return { file, position: Number(position), gtids: found?.gtids ?? '' };
}
