import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { overallVerdict } from '../../../domain/checks.ts';
import { storeContainer } from '../../../systems/docker/streamed/store-container.ts';
import type { PostgresAccess } from '../../../systems/postgres/access.ts';
import { answering } from '../../../systems/postgres/answering.ts';
import { postgresStore } from '../../../systems/postgres/postgres-store.ts';
import { run } from '../../../systems/postgres/psql.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { conforms } from '../../unit/systems/streams/stream-store-conformance.ts';
import { waitFor } from '../../wait-for.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';

let server: StartedContainer;
let access: PostgresAccess;

beforeAll(async () => {
  server = await startContainer('rekindle-stack/postgresql:15', {
    environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'rkt-secret', POSTGRES_DB: 'first' },
  });
  access = {
    container: answering(storeContainer(new Docker(), server.name), 'pg'),
    username: 'postgres',
    password: 'rkt-secret',
    host: '127.0.0.1',
    port: 5432,
    application: 'rekindle-test',
  };
  await waitFor(() => storeOf(access).answers({}), { timeout: 60_000 });
  await sql('create role app login password $$x$$;');
});
afterAll(async () => {
  await server.remove();
});

const storeOf = (to: PostgresAccess): StreamStore<unknown> =>
  postgresStore(to, { store: 'pg', databases: ['app'], samplesPerTable: 20 }) as StreamStore<unknown>;

const sql = (statements: string, database = 'template1') => run(access, statements, { database, what: 'The test' });

/** As it was at first, with nothing set aside. */
async function fresh(): Promise<StreamStore<unknown>> {
  const present = await sql("select datname from pg_catalog.pg_database where datname ~ '^(app|rekindle_)'");
  for (const name of present.trim().split('\n').filter(Boolean)) {
    await sql(`alter database "${name}" allow_connections false; drop database "${name}" with (force);`);
  }
  await sql('create database app owner app;');
  await sql(
    `create table public.job (id int primary key, state text); insert into public.job select n, 'QUEUED' from generate_series(1, 1000) n;
create table public.log (line text); insert into public.log values ('one'), ('two'); create view public.open as select * from public.job;`,
    'app',
  );
  return storeOf(access);
}

const content = async () => [
  await sql('select count(*), min(state), max(state) from public.job', 'app'),
  await sql("select datname, datallowconn from pg_catalog.pg_database where datname !~ '^rekindle_' order by datname"),
];

describe('as a store of streams', () => {
  conforms(async () => {
    const store = await fresh();
    const spoil = async () =>
      void (await sql("delete from public.job where id > 500; update public.job set state = 'LOST'", 'app'));
    return { store, spoil, content };
  });
});

/** The store with what it was backed up as. */
async function backedUp() {
  const store = await fresh();
  const parts = new Map<string, Buffer>();
  const back = (taking = store) =>
    taking.backUp(async ({ part, pieces }) => {
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(piece);
      parts.set(part, Buffer.concat(all));
    }, {});
  return { store, parts, back };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield await Promise.resolve(bytes.subarray(at, at + 1000));
}

test('counts are those of the dump while others write', async () => {
  const { store, parts, back } = await backedUp();
  const writing = { on: true };
  const writer = (async () => {
    while (writing.on) {
      await sql("insert into public.log values ('more')", 'app');
      await sleep(1);
    }
  })();
  const { expected } = await back().finally(() => (writing.on = false));
  await writer;
  await store.restore('database-app', piecesOf(parts.get('database-app')!), 'r', {});
  expect(overallVerdict(await store.compare(expected, {}))).toBe('pass');
});

test('a dump that is cut off is never taken for a database', async () => {
  const { store, parts, back } = await backedUp();
  await back();
  const half = parts.get('database-app')!.subarray(0, -2000);
  await expect(store.restore('database-app', piecesOf(half), 'r', {})).rejects.toMatchObject({
    kind: 'ContainerFailed',
  });
  await store.putBack(['database-app'], 'r', {});
  expect((await sql('select count(*) from public.job', 'app')).trim()).toBe('1000');
});

test('a wrong password is said to be one, and a server that is away can be waited for', async () => {
  await expect(storeOf({ ...access, password: 'wrong' }).answers({})).rejects.toMatchObject({
    kind: 'WrongCredentials',
  });
  await expect(storeOf({ ...access, port: 5433 }).answers({})).rejects.toMatchObject({ kind: 'ServiceUnhealthy' });
});

test('the image made the database that its environment names, and a database keeps its own name after all this', async () => {
  await fresh();
  expect((await sql("select datname from pg_catalog.pg_database where datname = 'first'")).trim()).toBe('first');
});
