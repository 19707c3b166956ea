import { overallVerdict } from '../../../../domain/checks.ts';
import { compareMysql } from '../../../../domain/mysql/compare.ts';
import { backUpChecks, isOlder, restoreChecks } from '../../../../domain/mysql/compatibility.ts';
import { rangeOf } from '../../../../domain/mysql/counts.ts';
import type { ExpectedMysqlDatabase, MysqlExpectedSet, MysqlServer } from '../../../../domain/mysql/expected.ts';
import { mysqlShrinkage } from '../../../../domain/mysql/shrinkage.ts';

const rows = (least: number, most = least) => ({ least, most });

const database: ExpectedMysqlDatabase = {
  name: 'app',
  characterSet: 'utf8mb4',
  collation: 'utf8mb4_bin',
  tables: [
    { name: 'job', rows: rows(3), sample: 'aa' },
    { name: 'log', rows: rows(7, 9) },
  ],
  objects: { views: 2 },
};
const expected: MysqlExpectedSet = {
  version: 1,
  store: 'db',
  flavour: 'mariadb',
  serverVersion: '10.11.19',
  lowerCaseTableNames: 0,
  users: [{ name: 'app@%', grants: 2 }],
  databases: [database],
};
const server: MysqlServer = {
  flavour: 'mariadb',
  serverVersion: '10.11.6',
  lowerCaseTableNames: 0,
  readOnly: false,
  binaryLog: true,
  privileges: [
    ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES', 'CREATE VIEW'],
    ...[
      'SHOW VIEW',
      'CREATE ROUTINE',
      'ALTER ROUTINE',
      'TRIGGER',
      'EVENT',
      'CREATE USER',
      'PROCESS',
      'RELOAD',
      'SUPER',
    ],
  ],
  user: 'root@localhost',
  databases: { app: 1 },
  withoutTransactions: [],
};

test('what is equal, or within its range, passes with figures', () => {
  const restored = { ...database, tables: [database.tables[0]!, { name: 'log', rows: rows(8) }] };
  const checks = compareMysql(expected, { ...expected, databases: [restored] });
  expect(overallVerdict(checks)).toBe('pass');
  expect(checks.at(-1)?.evidence).toBe('2 tables with 10 to 12 rows as expected; samples of 1 tables are equal');
});

test.each<[string, Partial<ExpectedMysqlDatabase>]>([
  ['job has 2 rows, not 3', { tables: [{ ...database.tables[0]!, rows: rows(2) }, database.tables[1]!] }],
  ['log has 10 rows, not 7 to 9', { tables: [database.tables[0]!, { name: 'log', rows: rows(10) }] }],
  ['the table log is missing', { tables: [database.tables[0]!] }],
  [
    'the first rows of job are not those that were backed up',
    { tables: [{ ...database.tables[0]!, sample: 'bb' }, database.tables[1]!] },
  ],
  ['1 views of 2', { objects: { views: 1 } }],
  ['its character set is latin1, not utf8mb4', { characterSet: 'latin1' }],
])('%s', (evidence, change) => {
  const checks = compareMysql(expected, { ...expected, databases: [{ ...database, ...change }] });
  expect(checks.find(({ verdict }) => verdict === 'fail')?.evidence).toBe(evidence);
});

test.each([
  [[], 'Missing: app@%'],
  [[{ name: 'app@%', grants: 1 }], 'Without all of their rights: app@%'],
])('users %j fail', (users, evidence) => {
  expect(compareMysql(expected, { ...expected, users })[0]).toMatchObject({ verdict: 'fail', evidence });
});

test.each<[string, Partial<MysqlServer>, 'pass' | 'fail', boolean]>([
  ['the same series', {}, 'pass', false],
  ['a later series', { serverVersion: '11.4.2' }, 'pass', true],
  ['an older series', { serverVersion: '10.6.20' }, 'fail', false],
  ['the other family', { flavour: 'mysql', serverVersion: '10.11.19' }, 'fail', false],
  ['a replica', { readOnly: true }, 'fail', false],
  ['a user without rights', { privileges: ['SELECT'] }, 'fail', false],
  [
    'a user who cannot create for others',
    { privileges: server.privileges.filter((each) => each !== 'SUPER') },
    'fail',
    false,
  ],
  ['names in lower case alone', { lowerCaseTableNames: 1 }, 'pass', false],
])('before a restore: %s', (_, change, verdict, warns) => {
  const checks = restoreChecks(expected, { ...server, ...change });
  expect(overallVerdict(checks)).toBe(verdict);
  expect(checks.some(({ warning }) => warning === true)).toBe(warns);
  expect(checks.every((check) => check.verdict === 'pass' || check.remedy !== '')).toBe(true);
});

test('names that the server would take for one another are refused', () => {
  const mixed = { ...expected, databases: [{ ...database, tables: [{ name: 'Job', rows: rows(1) }] }] };
  expect(overallVerdict(restoreChecks(mixed, { ...server, lowerCaseTableNames: 1 }))).toBe('fail');
});

test.each<[string, Partial<MysqlServer>, 'pass' | 'fail', boolean]>([
  ['all is well', {}, 'pass', false],
  ['a server that is too old', { serverVersion: '10.3.39' }, 'fail', false],
  ['writes cannot be held up', { privileges: server.privileges.filter((each) => each !== 'RELOAD') }, 'pass', true],
  ['tables without transactions', { withoutTransactions: ['app.log'] }, 'pass', true],
])('before a backup: %s', (_, change, verdict, warns) => {
  const checks = backUpChecks('db', { ...server, ...change });
  expect(overallVerdict(checks)).toBe(verdict);
  expect(checks.some(({ warning }) => warning === true)).toBe(warns);
});

test.each([
  ['10.6.1', '10.11.0', true],
  ['10.11.2', '10.11.19', false],
  ['8.0.36', '8.4.0', true],
  ['11.4.2', '10.11.19', false],
])('%s is older than %s: %s', (a, b, older) => {
  expect(isOlder(a, b)).toBe(older);
});

test('what was counted at several times is a range, without a sample', () => {
  const later = { ...database, tables: [{ name: 'job', rows: rows(5) }, database.tables[1]!] };
  expect(rangeOf(database, [later], ['job']).tables).toEqual([{ name: 'job', rows: rows(3, 5) }, database.tables[1]]);
});

test('only certain losses make a backup suspect', () => {
  const of = (count: { least: number; most: number }) => ({
    databases: [{ ...database, tables: [{ name: 'log', rows: count }] }],
  });
  expect(mysqlShrinkage(of(rows(100, 200)), of(rows(70, 80)), 20)).toEqual([]);
  expect(mysqlShrinkage(of(rows(100)), of(rows(79)), 20)).toEqual(['app has 79 rows, of 100']);
  expect(mysqlShrinkage(of(rows(100)), of(rows(0)), 20)).toContain('app: log had 100 rows and has none');
  expect(mysqlShrinkage(of(rows(100)), { databases: [] }, 20)).toEqual(['the database app is gone']);
});
