import { compareRedis } from '../../../../domain/redis/compare.ts';
import { redisChecks, redisRestoreChecks } from '../../../../domain/redis/compatibility.ts';
import type { RedisExpectedSet, RedisServer } from '../../../../domain/redis/expected.ts';

const files = { folder: '/data', file: 'dump.rdb', appendFile: 'appendonly.aof', appendFolder: 'appendonlydir' };
const server: RedisServer = {
  serverVersion: '7.0.15',
  role: 'master',
  cluster: false,
  usedMemory: 1000,
  appendOnly: true,
  folder: '/data',
  file: 'dump.rdb',
  appendFile: 'appendonly.aof',
  appendFolder: 'appendonlydir',
  dataInVolume: true,
  inSwarm: false,
};
const expected: RedisExpectedSet = {
  version: 1,
  store: 'cache',
  serverVersion: '7.0.15',
  databases: { 0: { persistent: { string: 2, hash: 1 }, expiring: 3 } },
};
const worst = (checks: ReturnType<typeof redisChecks>) =>
  checks
    .filter(({ verdict, warning }) => verdict !== 'pass' || warning)
    .map(({ name, verdict }) => `${name}: ${verdict}`);

test('a primary in a volume has no doubts', () => {
  expect(worst(redisChecks('cache', server, files))).toEqual([]);
  expect(worst(redisRestoreChecks(expected, server, files))).toEqual([]);
});

test.each<[Partial<RedisServer>, string[], string[]]>([
  [{ serverVersion: '5.0.14' }, ['redis cache: fail'], ['redis cache version: fail', 'redis cache: fail']],
  [{ cluster: true }, ['redis cache: fail'], ['redis cache: fail']],
  [{ role: 'slave' }, ['redis cache role: pass'], ['redis cache role: fail']],
  [{ folder: '/var/lib/redis' }, ['redis cache place: fail'], ['redis cache place: fail']],
  [{ inSwarm: true }, ['redis cache place: pass'], ['redis cache place: fail']],
  [{ dataInVolume: false }, ['redis cache place: pass'], ['redis cache place: fail']],
  [{ serverVersion: '6.2.1' }, [], ['redis cache version: fail']],
  [{ serverVersion: '8.0.0' }, [], ['redis cache version: pass']],
])('%j', (change, backup, restore) => {
  const changed = { ...server, ...change };
  expect(worst(redisChecks('cache', changed, files))).toEqual(backup);
  expect(worst(redisRestoreChecks(expected, changed, files))).toEqual(restore);
});

test('another folder is named with its key of the platform file', () => {
  const [place] = redisChecks('cache', { ...server, folder: '/var/lib/redis' }, files).slice(-1);
  expect(place?.remedy).toBe('Write dataPath: /var/lib/redis to the store "cache" in the platform file');
});

test('keys that stay must all be there; keys whose time is over may be gone', () => {
  const compare = (restored: RedisExpectedSet['databases']) =>
    compareRedis(expected, restored).map(({ verdict }) => verdict);
  expect(compare({ 0: { persistent: { string: 2, hash: 1 }, expiring: 3 } })).toEqual(['pass']);
  expect(compare({ 0: { persistent: { string: 2, hash: 1 }, expiring: 1 } })).toEqual(['pass']);
  expect(compare({ 0: { persistent: { string: 1, hash: 1 }, expiring: 3 } })).toEqual(['fail']);
  expect(compare({ 0: { persistent: { string: 3 }, expiring: 3 } })).toEqual(['fail']);
  expect(compare({ 0: { persistent: { string: 2, hash: 1 }, expiring: 4 } })).toEqual(['fail']);
  expect(compare({})).toEqual(['fail']);
  expect(compare({ ...expected.databases, 5: { persistent: { string: 1 }, expiring: 0 } })).toEqual(['pass', 'fail']);
  expect(compareRedis({ ...expected, databases: {} }, {}).map(({ verdict }) => verdict)).toEqual(['pass']);
  expect(compareRedis(expected, undefined)[0]).toMatchObject({ verdict: 'pass', warning: true });
});
