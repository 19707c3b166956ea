import { mysqlStore } from '../../../../systems/mysql/mysql-store.ts';
import { steady } from '../streams/sources.ts';
import { fakeMysql, type FakeOptions } from './fake-mysql.ts';

const task = { store: 'db', samplesPerTable: 20 };
const parts = ['databases'];
const dump = (end = '-- Dump completed\n') =>
  steady(Buffer.from(`-- Rekindle: ["app"]\n-- Current Database: \`app\`\n${end}`));

function scene(options: FakeOptions) {
  const fake = fakeMysql(options);
  const store = mysqlStore(fake.access, task);
  const content = () => Object.fromEntries([...fake.databases].map(([name, tables]) => [name, [...tables].toSorted()]));
  return { ...fake, store, content };
}

const old = { app: ['job', 'log'], zoo: ['lion'] };

test('what was there is moved aside, until it is released', async () => {
  const { store, content } = scene({ databases: old });
  await store.restore('databases', dump(), 'restore/nuvla/1', {});
  const [kept = ''] = Object.keys(content()).filter((name) => name.startsWith('rekindle_kept_app_'));
  expect(content()).toEqual({
    app: ['restored'],
    zoo: ['lion'],
    [kept]: ['job', 'log', 'rekindle_state', 'rekindle_text'],
  });
  await store.release(parts, 'restore/nuvla/1', {});
  await store.release(parts, 'restore/nuvla/1', {});
  expect(content()).toEqual({ app: ['restored'], zoo: ['lion'] });
});

test.each<Record<string, string[]>>([old, { zoo: ['lion'] }])(
  'the way back brings %j, also twice',
  async (databases) => {
    const { store, content } = scene({ databases });
    await store.restore('databases', dump(), 'restore/nuvla/1', {});
    await store.putBack(parts, 'restore/nuvla/1', {});
    await store.putBack(parts, 'restore/nuvla/1', {});
    expect(content()).toEqual(databases);
  },
);

test('another run leaves what an earlier one set aside', async () => {
  const { store, content } = scene({ databases: old });
  await store.restore('databases', dump(), 'restore/nuvla/1', {});
  await store.restore('databases', dump(), 'restore/nuvla/2', {});
  await store.putBack(parts, 'restore/nuvla/2', {});
  expect(content()['app']).toEqual(['restored']);
  await store.putBack(parts, 'restore/nuvla/1', {});
  expect(content()).toEqual(old);
});

describe.each<Record<string, string[]>>([old, { zoo: ['lion'] }])('whatever statement dies, from %j', (databases) => {
  /** Each statement that changes something is counted, until the worker lives for good: the n-th one fails. */
  function dying(at: number) {
    let count = 0;
    const life = { forGood: false };
    const before = () => {
      if (!life.forGood && ++count === at) throw new Error('the worker died');
    };
    return { before, life };
  }
  const points = Array.from({ length: 24 }, (_, index) => index + 1);

  test.each(points)('the restore goes on (at %d)', async (at) => {
    const { before, life } = dying(at);
    const { store, content } = scene({ databases, before });
    await store.restore('databases', dump(), 'r', {}).catch(() => undefined);
    await store.restore('databases', dump(), 'r', {}).catch(() => undefined);
    life.forGood = true;
    await store.restore('databases', dump(), 'r', {});
    expect(content()['app']).toEqual(['restored']);
    await store.putBack(parts, 'r', {});
    expect(content()).toEqual(databases);
  });

  test.each(points)('the way back does, too (at %d)', async (at) => {
    const { before, life } = dying(at);
    const { store, content } = scene({ databases, before });
    await store.restore('databases', dump(), 'r', {}).catch(() => undefined);
    await store.putBack(parts, 'r', {}).catch(() => undefined);
    life.forGood = true;
    await store.putBack(parts, 'r', {});
    expect(content()).toEqual(databases);
  });
});

test('a dump that is cut off is not taken for all of it, and the way back is open', async () => {
  const { store, content } = scene({ databases: old });
  await expect(store.restore('databases', dump('half'), 'r', {})).rejects.toThrow('is cut off');
  await store.putBack(parts, 'r', {});
  expect(content()).toEqual(old);
});

test('a part that does not say what is in it is refused before anything is moved', async () => {
  const { store, content } = scene({ databases: old });
  const foreign = steady(Buffer.from('-- MySQL dump 10.13\n'));
  await expect(store.restore('databases', foreign, 'r', {})).rejects.toMatchObject({ kind: 'RepositoryCorrupted' });
  expect(content()).toEqual(old);
});
