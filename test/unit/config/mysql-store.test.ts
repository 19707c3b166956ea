import { mysqlStore } from '../../../config/platform-schema/mysql.ts';

const least = { name: 'db', kind: 'mysql' };

test('a name is enough', () => {
  expect(mysqlStore.parse(least)).toMatchObject({
    name: 'db',
    service: 'db',
    port: 3306,
    username: 'root',
    samplesPerTable: 20,
    silenceSeconds: 600,
  });
});

test('a host may be a socket, a rate is counted in bytes', () => {
  const store = mysqlStore.parse({ ...least, host: '/run/mysqld/mysqld.sock', throttle: '2kb' });
  expect(store).toMatchObject({ host: '/run/mysqld/mysqld.sock', throttle: 2048 });
});

test.each<[string, object, string]>([
  ['a password in clear', { password: 'plain' }, 'expected a reference { file: /path } or { env: NAME }'],
  ['no databases', { databases: [] }, 'expected array to have >=1 items'],
  ['one twice', { databases: ['app', 'app'] }, 'must not name a database twice'],
  ["one of the server's own", { databases: ['mysql'] }, "must be none of the server's own"],
  ['a name that is too long', { databases: ['x'.repeat(65)] }, 'to have <=64 characters'],
  ['a rate of none', { throttle: '0mb' }, 'must be a size a second, for instance 50mb'],
  ['a host with a line end', { host: 'db\npassword=x' }, 'must be a host, or the path of a socket'],
  ['a user with a line end', { username: 'root\nhost=x' }, 'must be one line'],
  ['samples below none', { samplesPerTable: -1 }, 'expected number to be >=0'],
  ['an unknown key', { tables: ['a'] }, 'Unrecognized key: "tables"'],
])('%s is refused with one message', (_, change, message) => {
  const { error } = mysqlStore.safeParse({ ...least, ...change });
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]?.message).toContain(message);
});
