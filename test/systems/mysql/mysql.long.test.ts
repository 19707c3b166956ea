import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { overallVerdict } from '../../../domain/checks.ts';
import type { MysqlExpectedSet } from '../../../domain/mysql/expected.ts';
import { exec } from '../../../systems/docker/exec.ts';
import { storeContainer } from '../../../systems/docker/streamed/store-container.ts';
import type { MysqlAccess } from '../../../systems/mysql/access.ts';
import { answeringMysql } from '../../../systems/mysql/answering.ts';
import { run } from '../../../systems/mysql/client.ts';
import { mysqlStore } from '../../../systems/mysql/mysql-store.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { backUp, restore, type Kept } from '../../unit/systems/streams/kept.ts';
import { waitFor } from '../../wait-for.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';
import { conformanceSuite } from '../streams/conformance.ts';

// cspell:ignore pid

const image = 'rekindle-stack/mariadb:10.11';
/** With all that an option file, a shell or SQL could take for something else. */
const password = `it's "a" \\ #1 $HOME`;

const docker = new Docker();
let server: StartedContainer;
let access: MysqlAccess;
let store: StreamStore<MysqlExpectedSet>;

const sql = (statements: string) => run(access, statements, { what: 'The test' });
const storeAs = (change: Partial<MysqlAccess>) =>
  mysqlStore({ ...access, ...change }, { store: 'db', samplesPerTable: 20 });

beforeAll(async () => {
  server = await startContainer(image, {
    environment: { MARIADB_ROOT_PASSWORD: password },
    command: ['--log-bin=bin', '--server-id=1'],
  });
  const container = answeringMysql(storeContainer(docker, server.name), 'db');
  access = { container, username: 'root', password, port: 3306, application: 'rekindle-test' };
  store = storeAs({});
  await waitFor(() => store.answers({}), { timeout: 120_000 });
  await sql(`
create database app character set utf8mb4; create database zoo; use app;
create table parent (id int primary key, bytes varbinary(20), line text, shape geometry, kind enum('a', 'b'), bits bit(3));
insert into parent values (1, x'00ff0d0a', 'one\\nline', point(1, 2), 'a', b'101'), (2, null, 'é', null, null, null);
create table child (id int primary key auto_increment, pid int, constraint of_parent foreign key (pid) references parent (id));
insert into child (pid) values (1), (2);
create table log (id int primary key auto_increment, line text) select seq as id, concat('line ', seq) as line from seq_1_to_3000;
create table plain (x int) engine=MyISAM; insert into plain values (1);
create view of_parent as select * from parent; create view a_first as select * from of_parent;
create table zoo.far (id int primary key, pid int, foreign key (pid) references app.parent (id));
create view zoo.over as select * from app.a_first;
create sequence counter;
create trigger tidy before insert on child for each row set new.pid = new.pid;
create procedure say() select 'a;b';
create function three() returns int deterministic return 3;
create event daily on schedule every 1 day do set @x = 1;
create user reader@'%' identified by 'pw'; create role looks; grant select on app.* to looks; grant looks to reader@'%';
grant insert on app.child to reader@'%'; set default role looks for reader@'%';`);
});
afterAll(async () => {
  await server.remove();
});

async function content(): Promise<string> {
  const names = (await databases()).filter((name) => !/^(mysql|sys|.*_schema|rekindle_.*)$/.test(name));
  const options = ['--skip-dump-date', '--routines', '--events', '--hex-blob', '--databases', ...names];
  const script = 'export MYSQL_PWD="$0"; exec mariadb-dump -uroot "$@"';
  const { exitCode, stdout, stderr } = await exec(docker, server.name, ['sh', '-c', script, password, ...options]);
  if (exitCode !== 0) throw new Error(stderr);
  const users = await sql("select user, host from mysql.user where user not in ('root', 'mariadb.sys') order by user;");
  const rights = await sql('show grants for looks;');
  return `${stdout}${users}${rights}`;
}

const databases = async (): Promise<string[]> => (await sql('show databases;')).trim().split('\n');

/** Databases of Rekindle's, its programs, and sessions that hold something. */
async function leftovers(): Promise<string[]> {
  const kept = (await databases()).filter((name) => name.startsWith('rekindle_'));
  const marked =
    'for p in /proc/[0-9]*; do tr "\\0" "\\n" <$p/environ 2>/dev/null | grep -qx REKINDLE_RUN=.* && echo $p; done; true';
  let programs = '';
  // A program that is ended needs a moment.
  await waitFor(async () => {
    programs = (await exec(docker, server.name, ['sh', '-c', marked])).stdout.trim();
    if (programs !== '') throw new Error(programs);
  }).catch(() => undefined);
  return [...kept, ...(programs === '' ? [] : [programs])];
}

describe('conformance', () => {
  conformanceSuite(() => ({
    store: store as StreamStore<unknown>,
    withWrongPassword: storeAs({ password: 'wrong' }) as StreamStore<unknown>,
    content,
    change: () =>
      sql(`use app; delete from child; update parent set line = 'lost'; drop view of_parent, a_first; drop view zoo.over;
drop procedure say; create table extra (x int) select 1 as x; drop user reader@'%';`).then(() => undefined),
    add: () =>
      sql("insert into app.log (line) values ('more'); insert into app.plain values (2);").then(() => undefined),
    leftovers,
  }));
});

const task = () => backUp(store as StreamStore<unknown>);
const again = (kept: Pick<Kept, 'parts'>, id: string) => restore(store as StreamStore<unknown>, kept, id);

test('what was lost in between is there again, also after a restore over nothing', async () => {
  const kept = await task();
  const { position } = kept.expected as MysqlExpectedSet;
  expect(position?.file).toMatch(/^bin\.\d+$/);
  const before = await content();
  await sql('set foreign_key_checks = 0; drop database app; drop database zoo;');
  await again(kept, 'restore/loss/1');
  expect(await content()).toBe(before);
  await store.putBack([...kept.parts.keys()], 'restore/loss/1', {});
  expect(await databases()).not.toContain('app');
  await again(kept, 'restore/loss/2');
  await store.release([...kept.parts.keys()], 'restore/loss/2', {});
  expect(await content()).toBe(before);
});

test('the password is in no list of processes, nor in the environment of a program', async () => {
  const seen: string[] = [];
  await store.backUp(async ({ pieces }) => {
    const look = 'for p in /proc/[0-9]*; do cat $p/cmdline $p/environ; done 2>/dev/null | tr "\\0" "\\n"';
    const { stdout } = await exec(docker, server.name, ['sh', '-c', look]);
    // The server's own was given to it by its image.
    seen.push(
      ...stdout.split('\n').filter((line) => line.includes('$HOME') && !line.startsWith('MARIADB_ROOT_PASSWORD')),
    );
    for await (const _ of pieces);
  }, {});
  expect(seen).toEqual([]);
});

test('a dump whose program is killed in its middle never becomes a part', async () => {
  await sql("use app; create table large select seq as id, repeat('x', 500) as line from seq_1_to_60000;");
  const written: string[] = [];
  const killed = store.backUp(async ({ part, pieces }) => {
    let first = part === 'databases';
    for await (const _ of pieces) {
      if (!first) continue;
      first = false;
      await exec(docker, server.name, [
        'sh',
        '-c',
        'kill -KILL $(grep -lx mariadb-dump /proc/[0-9]*/comm | cut -d/ -f3)',
      ]);
    }
    written.push(part);
  }, {});
  await expect(killed).rejects.toMatchObject({ kind: 'ContainerFailed' });
  expect(written).toEqual(['users']);
  await sql('drop table app.large;');
  expect(await leftovers()).toEqual([]);
});

test('what a worker left when it died is ended by the next attempt', async () => {
  const abandoned = access.container.hold(
    {
      command: ['sh', '-c', 'echo holds; exec sleep 300'],
      environment: { REKINDLE_RUN: 'rekindle-test' },
      what: 'A dead attempt',
    },
    '',
  );
  await abandoned;
  await task();
  expect(await leftovers()).toEqual([]);
});

test('a user without rights, and one that may not hold writes up', async () => {
  await sql(`create user poor@localhost identified by 'pw'; grant select on app.* to poor@localhost;
create user modest@localhost identified by 'pw';
grant select, show view, trigger, event, process on *.* to modest@localhost;`);
  const poor = await storeAs({ username: 'poor', password: 'pw' }).check(undefined, {});
  expect(poor.find(({ verdict }) => verdict === 'fail')?.evidence).toMatch(
    /poor@localhost has not the global privileges SELECT/,
  );
  const modest = storeAs({ username: 'modest', password: 'pw' });
  expect(overallVerdict(await modest.check(undefined, {}))).toBe('pass');
  const writing = { on: true };
  const writer = (async () => {
    while (writing.on) {
      await sql("insert into app.log (line) values ('meanwhile');");
      await sleep(1);
    }
  })();
  const { expected, parts } = await backUp(modest as StreamStore<unknown>).finally(() => (writing.on = false));
  await writer;
  const set = expected as MysqlExpectedSet;
  expect(set.position).toBeUndefined();
  const log = set.databases.find(({ name }) => name === 'app')?.tables.find(({ name }) => name === 'log');
  expect(log?.rows.most).toBeGreaterThan(log?.rows.least ?? 0);
  await again({ parts }, 'restore/modest/1');
  expect(overallVerdict(await store.compare(set, {}))).toBe('pass');
  await store.release([...parts.keys()], 'restore/modest/1', {});
  await sql('drop user poor@localhost, modest@localhost;');
}, 180_000);

test('another family, and a series that is older than the point, are refused before anything', async () => {
  const { expected } = await task();
  const set = expected as MysqlExpectedSet;
  expect(overallVerdict(await store.check({ ...set, flavour: 'mysql', serverVersion: '8.0.36' }, {}))).toBe('fail');
  expect(overallVerdict(await store.check({ ...set, serverVersion: '11.4.2' }, {}))).toBe('fail');
  expect(overallVerdict(await store.check(set, {}))).toBe('pass');
});

test('a foreign key from a database that is not restored stops the restore before anything is moved', async () => {
  const some = mysqlStore(access, { store: 'db', databases: ['app'], samplesPerTable: 20 }) as StreamStore<unknown>;
  const kept = await backUp(some);
  await expect(restore(some, kept, 'restore/foreign/1')).rejects.toMatchObject({ kind: 'RestoreFailed' });
  expect(await leftovers()).toEqual([]);
});
