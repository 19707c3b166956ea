import { backUpMysql } from '../../../../systems/mysql/back-up.ts';
import type { PartSource } from '../../../../systems/streams/stream-store.ts';
import { joinedText } from '../streams/sources.ts';
import { fakeMysql } from './fake-mysql.ts';

const task = { store: 'db', samplesPerTable: 20 };

function keeping() {
  const kept: Record<string, string> = {};
  const write = async ({ part, pieces }: PartSource) => void (kept[part] = await joinedText(pieces));
  return { kept, write };
}

const logOf = (expected: { databases: { tables: object[] }[] }) => expected.databases[0]?.tables[0];

test('writes are held up until the dump has begun, and counted is in the snapshot of that moment', async () => {
  const { access, said } = fakeMysql({ databases: { app: ['log'] } });
  const { kept, write } = keeping();
  const { expected, moment } = await backUpMysql(access, task, write);
  expect(said).toEqual(['lock', 'dump', 'unlock', 'count', 'release']);
  expect(kept['databases']).toBe('-- Rekindle: ["app"]\n-- Current Database: `app`\n-- Dump completed\n');
  expect(moment.from <= moment.to).toBe(true);
  expect(expected).toMatchObject({ version: 1, store: 'db', flavour: 'mariadb', serverVersion: '10.11.19' });
  expect(logOf(expected)).toEqual({ name: 'log', rows: { least: 3, most: 3 }, sample: 'abc' });
});

test('where writes cannot be held up, counts are ranges, and no sample is kept', async () => {
  const { access, said } = fakeMysql({ databases: { app: ['log'] }, lockRefused: true, counts: [3, 7] });
  const { expected } = await backUpMysql(access, task, keeping().write);
  expect(said.slice(0, 2)).toEqual(['lock refused', 'snapshot']);
  expect(logOf(expected)).toEqual({ name: 'log', rows: { least: 3, most: 7 } });
  expect(expected.position).toBeUndefined();
});

test.each([
  ['in its middle', '-- Current Database: `app`\ncreate table'],
  ['after its last row', '-- Current Database: `app`\ninsert into log values (1);\n'],
  ['at its beginning', ''],
])('a dump that is cut off %s never becomes a part, and holds nothing any longer', async (_, dump) => {
  const { access, said } = fakeMysql({ databases: { app: ['log'] }, dump });
  const { kept, write } = keeping();
  await expect(backUpMysql(access, task, write)).rejects.toMatchObject({
    kind: 'ContainerFailed',
    message: 'The dump of 1 databases is cut off: its last line is not "-- Dump completed"',
  });
  expect(Object.keys(kept)).toEqual(['users']);
  expect(said.at(-1)).toBe('release');
});

test('a database that is missing is named before anything is read', async () => {
  const { access, said } = fakeMysql({ databases: { app: [] } });
  await expect(backUpMysql(access, { ...task, databases: ['nope'] }, keeping().write)).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: 'The server of the store db has no database nope',
  });
  expect(said).toEqual([]);
});

test('a server without databases has its users backed up', async () => {
  const { access } = fakeMysql();
  const { kept, write } = keeping();
  const { expected } = await backUpMysql(access, task, write);
  expect(Object.keys(kept)).toEqual(['users']);
  expect(expected.databases).toEqual([]);
});
