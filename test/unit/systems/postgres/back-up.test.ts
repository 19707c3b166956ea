import { backUpPostgres } from '../../../../systems/postgres/back-up.ts';
import type { PartSource } from '../../../../systems/streams/stream-store.ts';
import { broken, joinedText } from '../streams/sources.ts';
import { fakePostgres } from './fake-postgres.ts';

const task = { store: 'pg', samplesPerTable: 20 };

function keeping() {
  const kept: Record<string, string> = {};
  const write = async ({ part, pieces }: PartSource) => void (kept[part] = await joinedText(pieces));
  return { kept, write };
}

test('all databases are of one moment: every snapshot is taken before the first dump', async () => {
  const { access, said, held } = fakePostgres({ databases: { app: 'a', zoo: 'z' } });
  const { kept, write } = keeping();
  const { expected, moment } = await backUpPostgres(access, task, write);
  expect(kept).toEqual({
    globals: 'dump of template1',
    'database-app': 'dump of app',
    'database-zoo': 'dump of zoo',
  });
  expect(said.filter((line) => /^(hold|pg_dump )/.test(line))).toEqual([
    'hold app',
    'hold zoo',
    'pg_dump app --snapshot=snapshot-app',
    'pg_dump zoo --snapshot=snapshot-zoo',
  ]);
  expect(held.size).toBe(0);
  expect(moment.from <= moment.to).toBe(true);
  expect(expected).toMatchObject({ version: 1, store: 'pg', serverVersion: 160014, roles: ['app', 'postgres'] });
  expect(expected.databases.map(({ name, tables }) => [name, tables[0]?.rows])).toEqual([
    ['app', 3],
    ['zoo', 3],
  ]);
});

test('what is counted is counted in the snapshot that is dumped', async () => {
  const { access, scripts } = fakePostgres({ databases: { app: 'a' } });
  await backUpPostgres(access, task, keeping().write);
  const counting = scripts.filter((script) => script.includes("'rows'"));
  expect(counting).toHaveLength(1);
  expect(counting[0]).toContain("set transaction snapshot 'snapshot-app'");
});

test('first of all, what a dead attempt left is ended', async () => {
  const { access, scripts } = fakePostgres({ databases: { app: 'a' } });
  await backUpPostgres(access, task, keeping().write);
  expect(scripts[0]).toMatch(/pg_terminate_backend[^]*application_name = 'rekindle-test'/);
});

test('a dump that is cut off fails the backup, and holds no snapshot any longer', async () => {
  const dump = (database: string) => broken(Buffer.from('half'), new Error(`pg_dump of ${database} was cut off`));
  const { access, held } = fakePostgres({ databases: { app: 'a' }, dump });
  await expect(backUpPostgres(access, task, keeping().write)).rejects.toThrow('was cut off');
  expect(held.size).toBe(0);
});

test('only the databases that are wanted are taken; one that is missing is named before anything is read', async () => {
  const databases = { app: 'a', zoo: 'z' };
  const wanted = fakePostgres({ databases });
  const { kept, write } = keeping();
  await backUpPostgres(wanted.access, { ...task, databases: ['app'] }, write);
  expect(Object.keys(kept)).toEqual(['globals', 'database-app']);
  const { access, said } = fakePostgres({ databases });
  await expect(backUpPostgres(access, { ...task, databases: ['nope'] }, write)).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: 'The server of the store pg has no database nope',
  });
  expect(said.some((line) => line.startsWith('hold'))).toBe(false);
});
