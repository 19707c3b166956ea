import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { overallVerdict } from '../../../domain/checks.ts';
import { comparePostgres } from '../../../domain/postgres/compare.ts';
import { restoreChecks } from '../../../domain/postgres/compatibility.ts';
import { storeContainer } from '../../../systems/docker/streamed/store-container.ts';
import type { PostgresAccess } from '../../../systems/postgres/access.ts';
import { backUpPostgres } from '../../../systems/postgres/back-up.ts';
import { observeServer } from '../../../systems/postgres/observe.ts';
import { run } from '../../../systems/postgres/psql.ts';
import { observeRestored, restoreDatabase, restoreGlobals } from '../../../systems/postgres/restore.ts';
import { putBack, release } from '../../../systems/postgres/set-aside.ts';
import { waitFor } from '../../wait-for.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';

const image = 'rekindle-stack/postgresql:15';

let server: StartedContainer;
let access: PostgresAccess;

beforeAll(async () => {
  const docker = new Docker();
  server = await startContainer(image, { environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'rkt-secret' } });
  access = {
    container: storeContainer(docker, server.name),
    username: 'postgres',
    password: 'rkt-secret',
    host: '127.0.0.1',
    port: 5432,
    application: 'rekindle-test',
  };
  await waitFor(() => observeServer(access), { timeout: 60_000 });
  await sql('create role app login password $$x$$; create database app owner app;');
  await sql(
    `create table public.job (id int primary key, state text); insert into public.job select n, 'QUEUED' from generate_series(1, 1000) n;
create table public.log (line text); insert into public.log values ('one'), ('two'); create view public.open as select * from public.job;`,
    'app',
  );
});
afterAll(async () => {
  await server.remove();
});

const sql = (statements: string, database = 'template1') => run(access, statements, { database, what: 'The test' });

async function backUp() {
  const parts = new Map<string, Buffer>();
  const { expected } = await backUpPostgres(
    access,
    { store: 'pg', databases: ['app'], samplesPerTable: 20 },
    async (source) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of source.pieces) pieces.push(piece);
      parts.set(source.part, Buffer.concat(pieces));
    },
  );
  return { expected, parts };
}

async function* piecesOf(bytes: Buffer | undefined): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < (bytes?.length ?? 0); at += 1000) yield await Promise.resolve(bytes!.subarray(at, at + 1000));
}

test('a database is lost and comes back: rows, owner, roles; the way back brings what was there instead', async () => {
  const { expected, parts } = await backUp();
  expect(overallVerdict(restoreChecks(expected, await observeServer(access)))).toBe('pass');
  await sql("delete from public.job where id > 500; update public.job set state = 'LOST'", 'app');
  const kept = { run: 'restore/test/1', database: 'app' };
  await restoreGlobals(access, piecesOf(parts.get('globals')));
  await restoreDatabase(access, kept, piecesOf(parts.get('database-app')));
  const restored = await observeRestored(access, expected, { present: ['app'], samples: 20 });
  expect(comparePostgres(expected, restored).filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  await putBack(access, kept);
  expect((await sql('select count(*) from public.job', 'app')).trim()).toBe('500');
  await restoreDatabase(access, kept, piecesOf(parts.get('database-app')));
  await release(access, kept);
  expect((await sql('select count(*) from public.job', 'app')).trim()).toBe('1000');
});

test('counts are those of the dump while others write', async () => {
  const writing = { on: true };
  const writer = (async () => {
    while (writing.on) {
      await sql("insert into public.log values ('more')", 'app');
      await sleep(1);
    }
  })();
  const { expected, parts } = await backUp().finally(() => (writing.on = false));
  await writer;
  const kept = { run: 'restore/test/2', database: 'app' };
  await restoreDatabase(access, kept, piecesOf(parts.get('database-app')));
  const restored = await observeRestored(access, expected, { present: ['app'], samples: 20 });
  expect(overallVerdict(comparePostgres(expected, restored))).toBe('pass');
  await release(access, kept);
});

test('a dump that is cut off is never taken for a database', async () => {
  const { parts } = await backUp();
  const kept = { run: 'restore/test/3', database: 'app' };
  const half = parts.get('database-app')!.subarray(0, -2000);
  await expect(restoreDatabase(access, kept, piecesOf(half))).rejects.toMatchObject({ kind: 'ContainerFailed' });
  await putBack(access, kept);
  expect((await sql('select count(*) from public.job', 'app')).trim()).toBe('1000');
});
