import { redisStore } from '../../../systems/redis/redis-store.ts';
import type { RedisAccess } from '../../../systems/redis/access.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { backUp, piecesOf, restore } from '../../unit/systems/streams/kept.ts';
import { waitFor } from '../../wait-for.ts';
import { conformanceSuite, type Conforming } from '../streams/conformance.ts';
import { startVolumeServer, type VolumeServer } from '../streams/volume-server.ts';

const image = 'rekindle-stack/redis:7';
const files = { folder: '/data', file: 'dump.rdb', appendFile: 'appendonly.aof', appendFolder: 'appendonlydir' };
const password = 'rkt-secret';

/** Of every type, with and without an end, in two databases. */
const seed = [
  'set text a',
  'set counter 12345',
  'set gone soon EX 1000',
  'rpush list 1 2 3 long-enough-to-be-no-number',
  'sadd numbers 1 2 3',
  'sadd words a b c',
  'zadd scores 1.5 a 2 b',
  'hset job state QUEUED tags x',
  'xadd log * line one',
  'xadd log * line two',
  'xgroup create log readers 0',
  'xreadgroup group readers reader count 1 streams log >',
];

describe.each([
  ['without an append-only file', []],
  ['with an append-only file', ['--appendonly', 'yes']],
])('%s', (_, options) => {
  let server: VolumeServer;
  let access: RedisAccess;
  const cli = (...words: string[]) => server.run(['redis-cli', ...words], { REDISCLI_AUTH: password });

  beforeAll(async () => {
    server = await startVolumeServer(image, {
      folder: '/data',
      command: ['redis-server', '--requirepass', password, ...options],
    });
    access = { store: 'cache', container: server.container, host: '127.0.0.1', port: 6379, password, files };
    await waitFor(() => redisStore(access).answers({}), { timeout: 60_000, interval: 500 });
    for (const line of seed) await cli(...line.split(' '));
    for (let index = 0; index < 100; index++) await cli('-n', '3', 'set', `key-${index}`, 'x'.repeat(index));
  });
  afterAll(async () => {
    await server.remove();
  });

  let count = 0;
  const content = async () => {
    const texts = [];
    for (const database of ['0', '3']) {
      const keys = (await cli('-n', database, 'keys', '*')).split('\n').filter(Boolean).toSorted();
      texts.push(database, ...keys);
    }
    texts.push(await cli('get', 'text'), await cli('lrange', 'list', '0', '-1'), await cli('hgetall', 'job'));
    texts.push(await cli('xrange', 'log', '-', '+'), await cli('xinfo', 'groups', 'log'));
    return texts.join('\n');
  };
  conformanceSuite((): Conforming => ({
    store: redisStore(access) as StreamStore<unknown>,
    withWrongPassword: redisStore({ ...access, password: 'wrong' }) as StreamStore<unknown>,
    content,
    async change() {
      await cli('set', 'text', `changed ${++count}`);
      await cli('-n', '3', 'del', 'key-5');
      await cli('set', `new-${count}`, 'x');
    },
    async add() {
      await cli('set', `more-${++count}`, 'x');
    },
    leftovers: async () =>
      (await server.run(['ls', '/data'])).split('\n').filter((name) => name.startsWith('rekindle')),
  }));

  test('what is counted is what the server counts', async () => {
    const { expected } = await backUp(redisStore(access) as StreamStore<unknown>);
    const { databases = {} } = expected as {
      databases?: Record<string, { persistent: Record<string, number>; expiring: number }>;
    };
    const keyspace = await cli('info', 'keyspace');
    for (const [number, { persistent, expiring }] of Object.entries(databases)) {
      const keys = Object.values(persistent).reduce((sum, each) => sum + each, expiring);
      expect(keyspace).toContain(`db${number}:keys=${keys},expires=${expiring},`);
    }
    expect(databases['0']?.persistent).toMatchObject({ list: 1, set: 2, zset: 1, hash: 1, stream: 1 });
  }, 300_000);

  test('a copy of which one byte is another is refused, and the server runs on', async () => {
    const store = redisStore(access) as StreamStore<unknown>;
    const { parts } = await backUp(store);
    const bytes = Buffer.from(parts.get('data')!);
    bytes[bytes.length - 4] = bytes[bytes.length - 4]! ^ 1;
    await expect(store.restore('data', piecesOf(bytes), 'restore/test/7', {})).rejects.toMatchObject({
      kind: 'ContainerFailed',
      message: expect.stringContaining('redis-check-rdb refuses the copy of the data') as string,
    });
    await store.answers({});
  }, 300_000);

  test('what was restored is there after another start', async () => {
    const store = redisStore(access) as StreamStore<unknown>;
    const kept = await backUp(store);
    const before = await content();
    await restore(store, kept, 'restore/test/8');
    await server.container.stop({});
    await server.container.start({});
    await waitFor(() => store.answers({}), { timeout: 30_000, interval: 500 });
    expect(await content()).toBe(before);
    await store.release(['data'], 'restore/test/8', {});
  }, 300_000);
});
