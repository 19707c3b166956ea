import pLimit from 'p-limit';
import type { ExpectedDatabase, PostgresExpectedSet } from '../../domain/postgres/expected.ts';
import type { Held } from '../docker/streamed/hold.ts';
import { demandDatabases } from '../streams/demand-databases.ts';
import type { PartSource, Taken, WritePart } from '../streams/stream-store.ts';
import { program, type PostgresAccess } from './access.ts';
import { observeDatabase, observeServer, readRoles } from './observe.ts';
import { psql, run, settings } from './psql.ts';
import { endLeftovers, exportSnapshot } from './queries.ts';

export interface PostgresTask {
  store: string;
  /** Absent: all that allow connections and are no templates. */
  databases?: string[];
  samplesPerTable: number;
}

export const globalsPart = 'globals';
export const databasePart = (database: string): string => `${ofDatabase}${database}`;

/** Undefined: the part is none of a database. */
export function databaseOf(part: string): string | undefined {
  return part.startsWith(ofDatabase) ? part.slice(ofDatabase.length) : undefined;
}

const ofDatabase = 'database-';

/**
 * Dumps roles and databases. Each database is dumped and counted in one snapshot, and all snapshots are taken side by side
 * before the first dump begins. Nothing is kept when it throws but the parts that were written.
 * Failures: ServiceNotFound, ContainerFailed; those of `write`.
 */
export async function backUpPostgres(
  access: PostgresAccess,
  { store, databases, samplesPerTable }: PostgresTask,
  write: WritePart,
  signal?: AbortSignal,
): Promise<Taken<PostgresExpectedSet>> {
  const aborting = signal && { signal };
  await run(access, endLeftovers(access.application), { what: 'Ending sessions of an earlier attempt', ...aborting });
  const server = await observeServer(access, signal);
  const names = (databases ?? Object.keys(server.databases)).toSorted();
  demandDatabases(store, names, server.databases);
  const from = new Date().toISOString();
  const snapshots = await holdSnapshots(access, names, signal);
  try {
    const to = new Date().toISOString();
    const roles = await readRoles(access, signal);
    const what = `pg_dumpall of the roles of ${store}`;
    const globals = program(access, { command: ['pg_dumpall', '--globals-only', '--no-password'], what });
    await write({
      part: globalsPart,
      compression: 'gzip',
      what,
      pieces: access.container.outputOf(globals, { ...aborting }),
    });
    const taken: ExpectedDatabase[] = [];
    for (const database of names) {
      const snapshot = snapshots.get(database)?.line;
      if (snapshot === undefined) throw new Error(`No snapshot of ${database}`);
      taken.push(await observeDatabase(access, { database, snapshot, samples: samplesPerTable, ...aborting }));
      await write(dumpOf(access, { database, snapshot, bytes: server.databases[database] ?? 0, ...aborting }));
    }
    return {
      expected: { version: 1, store, serverVersion: server.serverVersion, roles, databases: taken },
      moment: { from, to },
    };
  } finally {
    await releaseAll(snapshots);
  }
}

interface Dump {
  database: string;
  snapshot: string;
  bytes: number;
  signal?: AbortSignal;
}

/** Compressed where it is made: what passes through the engine's connection is the smaller for it. */
function dumpOf(access: PostgresAccess, { database, snapshot, bytes, signal }: Dump): PartSource {
  const what = `pg_dump of the database ${database}`;
  const options = ['--format=custom', '--compress=1', '--no-password', '--lock-wait-timeout=60000'];
  const command = program(access, { command: ['pg_dump', ...options, `--snapshot=${snapshot}`], database, what });
  const pieces = access.container.outputOf(command, { ...(signal && { signal }) });
  return { part: databasePart(database), compression: 'none', what, pieces, expectedBytes: bytes };
}

/** Programs that are started in the container at once; all sessions live side by side. */
const mostSessions = 8;

/** A snapshot can be used only in its own database, so each has a session that holds one. */
async function holdSnapshots(
  access: PostgresAccess,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Held>> {
  const atOnce = pLimit(mostSessions);
  const opened = await Promise.allSettled(
    names.map((database) =>
      atOnce(async (): Promise<[string, Held]> => {
        const command = psql(access, { database, what: `The session that holds a snapshot of ${database}` });
        const input = `${settings};\n${exportSnapshot}`;
        return [database, await access.container.hold(command, input, { ...(signal && { signal }) })];
      }),
    ),
  );
  const held = new Map(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  const refused = opened.find((one) => one.status === 'rejected');
  if (refused === undefined) return held;
  await releaseAll(held);
  throw refused.reason;
}

/** One that died meanwhile failed the dump that needed it; after that it matters to nobody. */
async function releaseAll(held: ReadonlyMap<string, Held>): Promise<void> {
  await Promise.allSettled([...held.values()].map(({ release }) => release()));
}
