import { useServers } from './asked.ts';

// Their images are those of the long tests.
const ask = useServers();
const redis = 'rekindle-stack/redis:7';

test('Redis tells its version, its role and where it writes', async () => {
  expect(await ask('redis', redis)).toMatchObject({
    kind: 'answered',
    server: expect.stringMatching(/^Redis 7\.\d+\.\d+$/) as string,
    facts: { role: 'primary', cluster: 'no', save: '3600 1 300 100 60 10000', appendonly: 'no', dir: '/data' },
  });
});

test('a Redis that is a cache tells that, too', async () => {
  const command = ['redis-server', '--save', '', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'];
  expect(await ask('redis', redis, { command })).toMatchObject({
    facts: { save: '', maxmemory: '67108864', 'maxmemory-policy': 'allkeys-lru' },
  });
});

test('a Redis with a password refuses', async () => {
  expect(await ask('redis', redis, { command: ['redis-server', '--requirepass', 'secret'] })).toEqual({
    kind: 'refused',
  });
});

test('MariaDB refuses root without a password', async () => {
  const environment = { MARIADB_ROOT_PASSWORD: 'secret', MARIADB_DATABASE: 'app' };
  expect(await ask('mysql', 'rekindle-stack/mariadb:10.11', { environment })).toEqual({ kind: 'refused' });
});

test('MariaDB that knows root by its socket tells its version and databases', async () => {
  const environment = { MARIADB_ROOT_PASSWORD: 'secret', MARIADB_DATABASE: 'app' };
  const prepare = [
    'sh',
    '-c',
    'MYSQL_PWD=secret mariadb --user=root --execute="alter user root@localhost identified via unix_socket"',
  ];
  expect(await ask('mysql', 'rekindle-stack/mariadb:10.11', { environment, prepare })).toMatchObject({
    kind: 'answered',
    server: expect.stringMatching(/^MariaDB 10\.11\.\d+$/) as string,
    facts: { databases: 'app' },
  });
});
