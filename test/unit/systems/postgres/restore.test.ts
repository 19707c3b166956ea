import { keptName } from '../../../../systems/postgres/access.ts';
import { restoreDatabase, restoreGlobals } from '../../../../systems/postgres/restore.ts';
import { putBack, release, setAside } from '../../../../systems/postgres/set-aside.ts';
import { steady } from '../streams/sources.ts';
import { fakePostgres } from './fake-postgres.ts';

// cspell:ignore NOSUPERUSER

const kept = { run: 'restore/nuvla/1', database: 'app' };
const name = keptName(kept.run, 'app');
const dump = () => steady(Buffer.from('dump of app'));

test('what was there is set aside, closed, until it is released', async () => {
  const { access, databases } = fakePostgres({ databases: { app: 'old' } });
  await restoreDatabase(access, kept, dump());
  expect(databases.get('app')).toEqual({ content: 'restored', open: true });
  expect(databases.get(name)).toEqual({ content: 'old', open: false });
  await release(access, kept);
  await release(access, kept);
  expect([...databases.keys()]).toEqual(['app']);
});

test('the way back brings what was there, also twice', async () => {
  const { access, databases } = fakePostgres({ databases: { app: 'old' } });
  await restoreDatabase(access, kept, dump());
  await putBack(access, kept);
  await putBack(access, kept);
  expect(Object.fromEntries(databases)).toEqual({ app: { content: 'old', open: true } });
});

test('where nothing was, the way back leaves nothing', async () => {
  const { access, databases } = fakePostgres();
  expect(await setAside(access, kept)).toBe('nothing there');
  await restoreDatabase(access, kept, dump());
  expect(databases.get('app')?.content).toBe('restored');
  await putBack(access, kept);
  expect(databases.size).toBe(0);
});

test('another run finds what an earlier one set aside untouched', async () => {
  const { access, databases } = fakePostgres({ databases: { app: 'old' } });
  await restoreDatabase(access, kept, dump());
  await restoreDatabase(access, { ...kept, run: 'restore/nuvla/2' }, dump());
  expect(databases.get(name)?.content).toBe('old');
  expect(databases.get(keptName('restore/nuvla/2', 'app'))?.content).toBe('restored');
});

describe.each<Record<string, string>>([{ app: 'old' }, {}])('whatever step dies, from %j', (given) => {
  /** Every statement that changes something, counted over the run: the n-th one fails. */
  function dying(at: number) {
    let count = 0;
    return () => {
      if (++count === at) throw new Error('the worker died');
    };
  }
  const points = Array.from({ length: 9 }, (_, index) => index + 1);

  // Later statements are those of the last repetition.
  test.each(points.slice(0, 8))('the restore goes on (at %d)', async (at) => {
    const { access, databases } = fakePostgres({ databases: given, before: dying(at) });
    await restoreDatabase(access, kept, dump()).catch(() => undefined);
    await restoreDatabase(access, kept, dump()).catch(() => undefined);
    await restoreDatabase(access, kept, dump());
    expect(databases.get('app')).toEqual({ content: 'restored', open: true });
    expect(databases.get(name)?.content).toBe(given.app ?? '');
  });

  test.each(points)('or the way back brings what was there (at %d)', async (at) => {
    const { access, databases } = fakePostgres({ databases: given, before: dying(at) });
    await restoreDatabase(access, kept, dump()).catch(() => undefined);
    // The way back may die, too.
    await putBack(access, kept).catch(() => undefined);
    await putBack(access, kept).catch(() => undefined);
    await putBack(access, kept);
    const wanted = given.app === undefined ? {} : { app: { content: given.app, open: true } };
    expect(Object.fromEntries(databases)).toEqual(wanted);
  });
});

test('of the role that Rekindle connects as nothing changes', async () => {
  const { access, scripts } = fakePostgres();
  const script = [
    'CREATE ROLE postgres;',
    "ALTER ROLE postgres WITH SUPERUSER PASSWORD 'SCRAM-SHA-256$old';",
    "ALTER ROLE postgres_reader WITH NOSUPERUSER PASSWORD 'SCRAM-SHA-256$kept';",
    'GRANT app TO postgres;',
  ].join('\n');
  await restoreGlobals(access, steady(Buffer.from(script), 7));
  expect(scripts).toHaveLength(1);
  expect(scripts[0]).not.toContain('$old');
  expect(scripts[0]).toContain('$kept');
  expect(scripts[0]).toContain('GRANT app TO postgres;');
});

test('roles that are cut off are not carried out', async () => {
  const { access, scripts } = fakePostgres();
  const cut = async function* () {
    yield* steady(Buffer.from('CREATE ROLE a;\n'));
    throw new Error('cut off');
  };
  await expect(restoreGlobals(access, cut())).rejects.toThrow('cut off');
  expect(scripts).toEqual([]);
});
