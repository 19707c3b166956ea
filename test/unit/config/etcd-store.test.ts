import { etcdStore } from '../../../config/platform-schema/etcd.ts';

const least = { name: 'coordination', kind: 'etcd' };

test('a name is enough', () => {
  expect(etcdStore.parse(least)).toEqual({
    ...least,
    service: 'coordination',
    otherServices: [],
    port: 2379,
    host: '127.0.0.1',
    silenceSeconds: 600,
    backupTimeoutSeconds: 3600,
    restoreTimeoutSeconds: 7200,
  });
});

test('members, a user and certificates', () => {
  const store = etcdStore.parse({
    ...least,
    service: ['etcd-1', 'etcd-2', 'etcd-3'],
    username: 'root',
    password: { env: 'ETCD_PASSWORD' },
    tls: { ca: '/certs/ca.pem', certificate: '/certs/client.pem', key: '/certs/client.key' },
    dataPath: '/data/',
    throttle: '50mb',
  });
  expect(store).toMatchObject({
    service: 'etcd-1',
    otherServices: ['etcd-2', 'etcd-3'],
    dataPath: '/data',
    throttle: 50 * 1024 * 1024,
  });
});

test.each<[object, string, string]>([
  [{ password: 'plain-text' }, 'password', 'expected a reference { file: /path } or { env: NAME }'],
  [{ username: 'root' }, 'password', '"username" and "password" belong together'],
  [{ password: { env: 'X' } }, 'password', '"username" and "password" belong together'],
  [{ tls: { certificate: '/a' } }, 'tls', '"certificate" and "key" belong together'],
  [{ tls: { ca: 'ca.pem' } }, 'tls.ca', 'must be an absolute path within the container'],
  [{ dataPath: 'data' }, 'dataPath', 'must be an absolute path within the container'],
  [{ host: 'http://etcd' }, 'host', 'must be a host name or an address'],
  [{ port: 0 }, 'port', ''],
  [{ throttle: '5 MB/s' }, 'throttle', 'must be a size a second, for instance 50mb'],
  [{ endpoints: ['x'] }, '', 'Unrecognized key'],
])('%j is refused in one sentence', (change, path, words) => {
  const { error } = etcdStore.safeParse({ ...least, ...change });
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]?.path.join('.')).toBe(path);
  expect(error?.issues[0]?.message).toContain(words);
});
