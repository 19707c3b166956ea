import { redisStore } from '../../../config/platform-schema/redis.ts';

const least = { name: 'cache', kind: 'redis' };

test('a name is enough', () => {
  expect(redisStore.parse(least)).toEqual({
    ...least,
    service: 'cache',
    port: 6379,
    host: '127.0.0.1',
    dataPath: '/data',
    file: 'dump.rdb',
    appendFolder: 'appendonlydir',
    appendFile: 'appendonly.aof',
    silenceSeconds: 600,
    backupTimeoutSeconds: 21_600,
    restoreTimeoutSeconds: 21_600,
  });
});

test('a user, certificates, and files elsewhere', () => {
  const store = redisStore.parse({
    ...least,
    username: 'backup',
    password: { file: '/run/secrets/redis' },
    tls: {},
    dataPath: '/bitnami/redis/data/',
    throttle: '10mb',
  });
  expect(store).toMatchObject({ tls: {}, dataPath: '/bitnami/redis/data', throttle: 10 * 1024 * 1024 });
});

test.each<[object, string, string]>([
  [{ password: 'plain-text' }, 'password', 'expected a reference { file: /path } or { env: NAME }'],
  [{ username: 'backup' }, 'password', '"username" needs "password"'],
  [{ tls: { key: '/a' } }, 'tls', '"certificate" and "key" belong together'],
  [{ dataPath: 'data' }, 'dataPath', 'must be an absolute path within the container'],
  [{ file: '../dump.rdb' }, 'file', 'must be one name, without /'],
  [{ appendFolder: '..' }, 'appendFolder', 'must be one name, without /'],
  [{ host: 'redis://x' }, 'host', 'must be a host name or an address'],
  [{ service: ['a', 'b'] }, 'service', ''],
  [{ databases: [0] }, '', 'Unrecognized key'],
])('%j is refused in one sentence', (change, path, words) => {
  const { error } = redisStore.safeParse({ ...least, ...change });
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]?.path.join('.')).toBe(path);
  expect(error?.issues[0]?.message).toContain(words);
});
