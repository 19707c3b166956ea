import { overallVerdict } from '../../../../domain/checks.ts';
import { comparePostgres } from '../../../../domain/postgres/compare.ts';
import { backUpChecks, restoreChecks } from '../../../../domain/postgres/compatibility.ts';
import type { ExpectedDatabase, PostgresExpectedSet, PostgresServer } from '../../../../domain/postgres/expected.ts';
import { parsePartKey, partKey, storeFolder } from '../../../../domain/streams/part.ts';

const database: ExpectedDatabase = {
  name: 'app',
  owner: 'app',
  encoding: 'UTF8',
  collate: 'C',
  ctype: 'C',
  provider: 'c',
  extensions: { pgcrypto: '1.3' },
  tables: [
    { schema: 'public', name: 'job', rows: 3, sample: 'aa' },
    { schema: 'public', name: 'log', rows: 7 },
  ],
  objects: { views: 2 },
};
const expected: PostgresExpectedSet = {
  version: 1,
  store: 'pg',
  serverVersion: 160014,
  roles: ['app', 'postgres'],
  databases: [database],
};
const server: PostgresServer = {
  serverVersion: 160014,
  availableExtensions: { pgcrypto: '1.3' },
  superuser: true,
  inRecovery: false,
  tablespaces: [],
  databases: { app: 1 },
};

test('what is equal passes, with figures', () => {
  const checks = comparePostgres(expected, expected);
  expect(overallVerdict(checks)).toBe('pass');
  expect(checks.at(-1)?.evidence).toBe('2 tables with 10 rows as expected; samples of 1 tables are equal');
});

test.each<[string, Partial<ExpectedDatabase>]>([
  ['public.job has 2 rows, not 3', { tables: [{ ...database.tables[0]!, rows: 2 }, database.tables[1]!] }],
  ['the table public.log is missing', { tables: [database.tables[0]!] }],
  [
    'the first rows of public.job are not those that were backed up',
    { tables: [{ ...database.tables[0]!, sample: 'bb' }, database.tables[1]!] },
  ],
  ['the extension pgcrypto is missing', { extensions: {} }],
  ['1 views of 2', { objects: { views: 1 } }],
  ['its owner is postgres, not app', { owner: 'postgres' }],
  ['its encoding is LATIN1, not UTF8', { encoding: 'LATIN1' }],
])('%s', (evidence, change) => {
  const checks = comparePostgres(expected, { ...expected, databases: [{ ...database, ...change }] });
  expect(checks.find(({ verdict }) => verdict === 'fail')?.evidence).toBe(evidence);
});

test('a database or a role that is missing is named', () => {
  const checks = comparePostgres(expected, { roles: ['postgres'], databases: [] });
  expect(checks.map(({ name, verdict, evidence }) => [name, verdict, evidence])).toEqual([
    ['roles pg', 'fail', 'Missing: app'],
    ['database pg/app', 'fail', 'The database is missing'],
  ]);
});

test.each<[string, Partial<PostgresServer>, 'pass' | 'fail', boolean]>([
  ['the same server', {}, 'pass', false],
  ['another minor version', { serverVersion: 160002 }, 'pass', false],
  ['a newer major version', { serverVersion: 170001 }, 'pass', true],
  ['an older major version', { serverVersion: 150009 }, 'fail', false],
  ['an extension that is missing', { availableExtensions: {} }, 'fail', false],
  ['an extension of another version', { availableExtensions: { pgcrypto: '1.4' } }, 'pass', true],
  ['a user without rights', { superuser: false }, 'fail', false],
  ['a standby', { inRecovery: true }, 'pass', true],
])('before a restore: %s', (_, change, verdict, warns) => {
  const checks = restoreChecks(expected, { ...server, ...change });
  expect(overallVerdict(checks)).toBe(verdict);
  expect(checks.some(({ warning }) => warning === true)).toBe(warns);
  expect(checks.every((check) => check.verdict === 'pass' || check.remedy !== '')).toBe(true);
});

test('a server that is too old is refused before a backup', () => {
  expect(overallVerdict(backUpChecks('pg', { ...server, serverVersion: 110022 }))).toBe('fail');
  expect(overallVerdict(backUpChecks('pg', server))).toBe('pass');
});

test.each(['globals', 'database-app', '../../other', 'a/b', 'ä ö', '.', 'x.gz'])(
  'the part "%s" has one key',
  (part) => {
    const folder = storeFolder('nuvla', '2026-11-21t0930z', 'pg');
    expect(folder).toBe('nuvla/points/2026-11-21t0930z/stores/pg/');
    for (const compression of ['gzip', 'none'] as const) {
      const key = partKey(folder, part, compression);
      expect(key.slice(folder.length)).not.toContain('/');
      expect(parsePartKey(folder, key)).toEqual({ part, compression });
    }
    expect(parsePartKey(folder, `${folder}expected.json`)).toBeUndefined();
  },
);
