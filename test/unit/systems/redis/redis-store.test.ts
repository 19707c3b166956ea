import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisAccess } from '../../../../systems/redis/access.ts';
import { redisStore } from '../../../../systems/redis/redis-store.ts';
import type { PartSource } from '../../../../systems/streams/stream-store.ts';
import { fakeContainer, type FakeContainer } from '../exchange/fake-container.ts';
import { joinedText, steady } from '../streams/sources.ts';

// The data of this Redis is one text, `value`, in the form of its files.

const rdb = (value: string) =>
  Buffer.concat([
    Buffer.from('REDIS0010'),
    Buffer.from([0xfe, 0, 0, 1, 0x6b, value.length]),
    Buffer.from(value),
    Buffer.from([0xff, 1, 2, 3, 4, 5, 6, 7, 8]),
  ]);

const redisCli = String.raw`#!/bin/sh
while [ $# -gt 0 ]; do case "$1" in -h|-p|--user) shift 2 ;; --no-auth-warning) shift ;; *) break ;; esac; done
[ "$REDISCLI_AUTH" = hidden-secret ] || { echo 'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.' >&2; echo 'NOAUTH Authentication required.'; exit 0; }
case "$*" in
  ping) echo PONG ;;
  info) printf 'redis_version:%s\r\nrole:master\r\ncluster_enabled:0\r\nused_memory:1000\r\n' "$FAKE_VERSION" ;;
  'config get dir') printf 'dir\n%s\n' "$FAKE_ROOT" ;;
  'config get dbfilename') printf 'dbfilename\ndump.rdb\n' ;;
  'config get appendonly') printf 'appendonly\n%s\n' "$FAKE_APPEND" ;;
  'config get appendfilename') printf 'appendfilename\nappendonly.aof\n' ;;
  'config get appenddirname') case "$FAKE_VERSION" in 6*) ;; *) printf 'appenddirname\nappendonlydir\n' ;; esac ;;
  '--rdb -') cat "$FAKE_ROOT/memory"; printf '%040d' 0 ;;
  *) echo "ERR unknown command $*" ;;
esac
`;
const checker = String.raw`#!/bin/sh
if [ "$(head -c 5 "$1")" = REDIS ]; then echo 'RDB looks OK'; else echo 'Wrong signature'; exit 1; fi
`;

const run = 'restore/nuvla/1';
let root: string;
afterEach(() => rmSync(root, { recursive: true, force: true }));

function fakeRedis({
  version = '7.0.15',
  append = false,
  before,
}: { version?: string; append?: boolean; before?: (what: string) => void } = {}) {
  root = mkdtempSync(join(tmpdir(), 'rekindle-redis-'));
  const folder = join(root, 'data');
  const programs = join(root, 'bin');
  for (const made of [folder, programs]) mkdirSync(made);
  for (const [name, text] of [
    ['redis-cli', redisCli],
    ['redis-check-rdb', checker],
  ] as const) {
    writeFileSync(join(programs, name), text);
    chmodSync(join(programs, name), 0o755);
  }
  const memory = join(folder, 'memory');
  /** Of the files those that a server of the version and with the setting reads. */
  const file = () => {
    if (!append) return join(folder, 'dump.rdb');
    if (version.startsWith('6')) return join(folder, 'appendonly.aof');
    const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
    const name = existsSync(manifest)
      ? /^file (\S+) seq 1 type b\n$/.exec(readFileSync(manifest, 'utf8'))?.[1]
      : undefined;
    return join(folder, 'appendonlydir', name ?? 'appendonly.aof.1.base.rdb');
  };
  const put = (value: string) => writeFileSync(memory, rdb(value));
  put('old');
  const container: FakeContainer = fakeContainer({
    name: 'cache-1',
    programs,
    environment: { FAKE_ROOT: folder, FAKE_VERSION: version, FAKE_APPEND: append ? 'yes' : 'no' },
    described: { mounts: [folder], swarm: false, environment: {}, words: [] },
    ...(before && { before }),
    onStop() {
      mkdirSync(join(file(), '..'), { recursive: true });
      writeFileSync(file(), readFileSync(memory));
      if (append && !version.startsWith('6'))
        writeFileSync(
          join(folder, 'appendonlydir', 'appendonly.aof.manifest'),
          'file appendonly.aof.1.base.rdb seq 1 type b\n',
        );
      rmSync(memory);
    },
    onStart: () => writeFileSync(memory, existsSync(file()) ? readFileSync(file()) : rdb('')),
  });
  const access: RedisAccess = {
    store: 'cache',
    container,
    host: '127.0.0.1',
    port: 6379,
    password: 'hidden-secret',
    files: { folder, file: 'dump.rdb', appendFile: 'appendonly.aof', appendFolder: 'appendonlydir' },
  };
  const value = () => {
    const bytes = readFileSync(memory);
    return bytes.subarray(15, 15 + (bytes[14] ?? 0)).toString();
  };
  const left = () => readdirSync(folder).filter((name) => name.startsWith('rekindle'));
  return { access, store: redisStore(access), container, put, value, left };
}

async function backedUp({ store }: Pick<ReturnType<typeof fakeRedis>, 'store'>) {
  const parts = new Map<string, Buffer>();
  const { expected } = await store.backUp(async ({ part, pieces }: PartSource) => {
    parts.set(part, Buffer.from(await joinedText(pieces, 'latin1'), 'latin1'));
  }, {});
  return { expected, data: () => steady(parts.get('data') ?? Buffer.alloc(0), 10), parts };
}

test('a backup is one copy, counted as it is read; no password stands on a command line', async () => {
  const redis = fakeRedis();
  const { expected, parts } = await backedUp(redis);
  expect(parts.get('data')).toEqual(rdb('old'));
  expect(expected).toEqual({
    version: 1,
    store: 'cache',
    serverVersion: '7.0.15',
    databases: { 0: { persistent: { string: 1 }, expiring: 0 } },
  });
  expect(redis.left()).toEqual([]);
  expect(JSON.stringify(redis.container.commands.map(({ command }) => command))).not.toContain('hidden-secret');
});

test('a refusal that ends with exit code 0 is one', async () => {
  const { access } = fakeRedis();
  await expect(redisStore({ ...access, password: 'wrong' }).check(undefined, {})).rejects.toMatchObject({
    kind: 'WrongCredentials',
    remedy: expect.stringContaining('"password" of the store "cache"') as string,
  });
});

test.each([
  ['7.0.15', false],
  ['7.0.15', true],
  ['6.2.7', true],
])('Redis %s, with an append-only file: %s: restored, put back, restored, released', async (version, append) => {
  const { store, put, value, left, container } = fakeRedis({ version, append });
  const { expected, data } = await backedUp({ store });
  put('later');
  for (let time = 1; time <= 2; time++) {
    await store.restore('data', data(), run, {});
    expect(value()).toBe('old');
  }
  expect((await store.compare(expected, {})).map(({ verdict }) => verdict)).toEqual(['pass']);
  await store.putBack(['data'], run, {});
  await store.putBack(['data'], run, {});
  expect([value(), left()]).toEqual(['later', []]);
  await store.restore('data', data(), run, {});
  await store.release(['data'], run, {});
  await container.stop({});
  await container.start({});
  expect([value(), left()]).toEqual(['old', []]);
});

test('what is damaged is refused before the server is stopped, and leaves nothing', async () => {
  const { store, container, value, left } = fakeRedis();
  await expect(store.restore('data', steady(Buffer.from('garbage')), run, {})).rejects.toMatchObject({
    kind: 'ContainerFailed',
    message: expect.stringContaining('redis-check-rdb refuses') as string,
  });
  expect(container.said).not.toContain('stop');
  expect([value(), left()]).toEqual(['old', []]);
});

describe.each([false, true])('whatever step dies (append-only file: %s)', (append) => {
  test.each([3, 9, 10, 11, 12])('the restore goes on (at %d)', async (ahead) => {
    const at = { call: Infinity, calls: 0 };
    const { store, put, value, container } = fakeRedis({
      append,
      before() {
        if (++at.calls === at.call) throw new Error('the worker died');
      },
    });
    const { data } = await backedUp({ store });
    put('later');
    at.call = at.calls + ahead;
    await store.restore('data', data(), run, {}).catch(() => undefined);
    await store.restore('data', data(), run, {});
    expect(value()).toBe('old');
    await store.putBack(['data'], run, {});
    expect(value()).toBe('later');
    expect(container.running).toBe(true);
  });
});
