import { demandDatabases } from '../streams/demand-databases.ts';
import { Readable } from 'node:stream';
import { rangeOf } from '../../domain/mysql/counts.ts';
import type { ExpectedMysqlDatabase, MysqlExpectedSet, MysqlServer } from '../../domain/mysql/expected.ts';
import { endMarked } from '../docker/streamed/marked.ts';
import type { Pieces } from '../streams/pieces.ts';
import type { Taken, WritePart } from '../streams/stream-store.ts';
import type { MysqlAccess } from './access.ts';
import { complete, dump, startDump } from './dump.ts';
import { headerOf } from './header.ts';
import { asking, observeDatabase, observeServer, type Ask } from './observe.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { expectedUser, readAccounts, scriptOf } from './users.ts';

export interface MysqlTask {
  store: string;
  /** Absent: all but the server's own. */
  databases?: string[];
  samplesPerTable: number;
}

export const databasesPart = 'databases';
export const usersPart = 'users';

/** So long may the dump take to begin while nobody writes, in seconds; after that writes go on, and counts are ranges. */
const beginSeconds = 20;

/**
 * Dumps all databases in one snapshot, and the users. Writes are held up until the dump has begun, so that a second session has
 * the very same snapshot and counts in it. Nothing is kept when it throws but the parts that were written. Failures:
 * InvalidArgument, ServiceNotFound, ContainerFailed; those of `write`.
 */
export async function backUpMysql(
  access: MysqlAccess,
  { store, databases, samplesPerTable: samples }: MysqlTask,
  write: WritePart,
  signal?: AbortSignal,
): Promise<Taken<MysqlExpectedSet>> {
  await endMarked(access.container, access.application, { ...(signal && { signal }) });
  const ask = asking(access, signal);
  const server = await observeServer(ask);
  const names = (databases ?? Object.keys(server.databases)).toSorted();
  demandDatabases(store, names, server.databases);
  const accounts = await readAccounts(access, server.flavour, ask, signal);
  const users = Buffer.concat([headerOf(accounts.map(({ name }) => name)), Buffer.from(scriptOf(accounts))]);
  await write({ part: usersPart, compression: 'gzip', what: `The users of ${store}`, pieces: Readable.from([users]) });
  const { found, position, moment } = await dumpAndCount(access, { server, names, samples, ask, write, signal });
  const { flavour, serverVersion, lowerCaseTableNames } = server;
  const expected: MysqlExpectedSet = {
    ...{ version: 1, store, flavour, serverVersion, lowerCaseTableNames },
    users: accounts.filter(({ name }) => name !== server.user).map(expectedUser),
    databases: found,
    ...(position && { position }),
  };
  return { expected, moment };
}

interface Dumping {
  server: MysqlServer;
  names: string[];
  samples: number;
  ask: Ask;
  write: WritePart;
  signal: AbortSignal | undefined;
}

async function dumpAndCount(access: MysqlAccess, { server, names, samples, ask, write, signal }: Dumping) {
  // Of tables without transactions no snapshot tells how many rows they had.
  const before = server.withoutTransactions.length > 0 ? await observeAll(ask, names, 0) : [];
  const from = new Date().toISOString();
  const snapshot = await openSnapshot(access, server, signal);
  try {
    const exact = await dumpAll(access, { server, names, write, signal }, snapshot);
    const to = exact.begunAt;
    const inSnapshot = await observeAll(snapshot.ask, names, samples);
    // Without a lock, the dump's own snapshot lies between the one that is counted in and now.
    const after = exact.same ? [] : await observeAll(ask, names, 0);
    const found = inSnapshot.map(({ withoutTransactions, ...database }): ExpectedMysqlDatabase => {
      const inexact = exact.same ? withoutTransactions : database.tables.map(({ name }) => name);
      const others = [...before, ...after].filter(({ name }) => name === database.name);
      return rangeOf(database, others, inexact);
    });
    return { found, moment: { from, to }, ...(exact.same && snapshot.position && { position: snapshot.position }) };
  } finally {
    // One that died meanwhile failed the counts that needed it.
    await snapshot.release().catch(() => undefined);
  }
}

/** Writes the dump; `same`: it has the snapshot's data. */
async function dumpAll(
  access: MysqlAccess,
  { server, names, write, signal }: Omit<Dumping, 'samples' | 'ask'>,
  snapshot: Snapshot,
): Promise<{ same: boolean; begunAt: string }> {
  if (names.length === 0) {
    await snapshot.unlock();
    return { same: snapshot.locked, begunAt: new Date().toISOString() };
  }
  const what = `The dump of ${names.length} databases`;
  const options = ['--routines', '--events', '--triggers', '--databases'];
  const command = dump(access, server.flavour, { options, names, what });
  const source = access.container.outputOf(command, { ...(signal && { signal }) });
  const started = await startDump(source, beginSeconds, signal);
  try {
    const begunAt = new Date().toISOString();
    await snapshot.unlock();
    const expectedBytes = names.reduce((sum, name) => sum + (server.databases[name] ?? 0), 0);
    const pieces = withHeader(names, complete(started.pieces, what));
    await write({ part: databasesPart, compression: 'gzip', what, pieces, expectedBytes });
    return { same: snapshot.locked && started.begun, begunAt };
  } finally {
    await started.stop();
  }
}

async function* withHeader(names: readonly string[], pieces: Pieces): AsyncGenerator<Uint8Array> {
  yield headerOf(names);
  yield* pieces;
}

async function observeAll(ask: Ask, names: readonly string[], samples: number) {
  const all = [];
  for (const database of names) all.push(await observeDatabase(ask, { database, samples }));
  return all;
}
