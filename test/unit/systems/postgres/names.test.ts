import fc from 'fast-check';
import { identifier, keptName, literal, program } from '../../../../systems/postgres/access.ts';
import { applicationName } from '../../../../systems/streams/run-id.ts';
import { tableQuery } from '../../../../systems/postgres/queries.ts';
import { fakePostgres } from './fake-postgres.ts';

test('names and texts cannot leave their quotes', () => {
  expect(identifier('a"; drop database x; --')).toBe('"a""; drop database x; --"');
  expect(literal("a'; drop database x; --")).toBe("'a''; drop database x; --'");
  expect(literal('a\\')).toBe(" E'a\\\\'");
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(identifier(text).slice(1, -1).replaceAll('""', '')).not.toContain('"');
    }),
  );
});

test('what PostgreSQL cuts off after 63 bytes is never longer', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 80, unit: 'binary' }), fc.string(), (database, run) => {
      // With what stands behind it while it is made.
      expect(Buffer.byteLength(`${keptName(run, database)}_new`)).toBeLessThanOrEqual(63);
      expect(Buffer.byteLength(applicationName(run, database))).toBeLessThanOrEqual(63);
    }),
  ));

test('databases with similar names are set aside under names of their own', () => {
  expect(keptName('r', 'a-b')).not.toBe(keptName('r', 'a_b'));
  expect(keptName('r', 'x'.repeat(62))).not.toBe(keptName('r', 'x'.repeat(63)));
});

test('neither the password nor the database stands on the command line', () => {
  const { access } = fakePostgres();
  const made = program(
    { ...access, password: 'hidden-secret' },
    { command: ['pg_dump'], database: 'host=evil', what: 'x' },
  );
  expect(made.command).toEqual(['pg_dump']);
  expect(made.environment).toMatchObject({ PGDATABASE: 'host=evil', PGPASSWORD: 'hidden-secret' });
  expect(made.secrets).toEqual(['hidden-secret']);
});

test('a table without a key, or without samples, is only counted', () => {
  const table = { schema: 'public', name: 'a "b"', key: ['id'] };
  expect(tableQuery(table, 20)).toContain(
    'from only "public"."a ""b""" rekindle_row order by rekindle_row."id"::text collate "C" limit 20',
  );
  for (const sql of [tableQuery({ ...table, key: [] }, 20), tableQuery(table, 0)]) expect(sql).not.toContain('sample');
});
