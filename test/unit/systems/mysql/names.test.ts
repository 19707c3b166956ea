import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { identifier, keptName, literal, program } from '../../../../systems/mysql/access.ts';
import { unescaped } from '../../../../systems/mysql/client.ts';
import { tableQuery } from '../../../../systems/mysql/queries.ts';
import { scriptOf, withoutAccount } from '../../../../systems/mysql/users.ts';
import { fakeMysql } from './fake-mysql.ts';

const { access } = fakeMysql();
const made = (change: object) => program({ ...access, ...change }, { which: 'client', options: ['--raw'], what: 'x' });

test('names and texts cannot leave their quotes', () => {
  expect(identifier('a`; drop database x; --')).toBe('`a``; drop database x; --`');
  expect(literal("a'; --")).toBe('_utf8mb4 0x61273b202d2d');
});

test('what MySQL refuses after 64 characters is never longer, and similar names are apart', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80, unit: 'binary' }), fc.string(), (database, run) => {
      expect(keptName(run, database)).toMatch(/^rekindle_kept_[a-z0-9_]{1,50}$/);
    }),
  );
  expect(keptName('r', 'App')).not.toBe(keptName('r', 'app'));
});

test('the password is in no argument, and taken out of what is shown', () => {
  const { command, environment, secrets } = made({ password: 'hidden' });
  expect(command.join(' ')).not.toContain('hidden');
  expect(environment).toMatchObject({ HOME: '/nonexistent', REKINDLE_RUN: 'rekindle-test' });
  expect(secrets).toEqual(['hidden']);
});

test.each(['plain', 'a"b', 'back\\slash', 'a#b ; c', "it's $HOME `id`", ' blank ', 'REKINDLE_END'])(
  'the program reads the password %s from a file without a name',
  (password) => {
    const { command, environment } = made({ password, host: '/run/x.sock' });
    // What a program of MySQL would be given, and what it would find in its environment.
    const show = ['sh', '-c', command[2]!.replace('exec "$program"', 'exec cat').replace(/--defaults.*/, '/dev/fd/3')];
    const shown = execFileSync(show[0]!, [...show.slice(1), 'sh', 'true', 'true'], {
      env: { PATH: process.env['PATH'], ...environment },
    });
    const quoted = password.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    expect(shown.toString()).toBe(`[client]\nuser="root"\npassword="${quoted}"\nsocket="/run/x.sock"\n`);
  },
);

test('a password with a line end is refused, and not shown', () => {
  expect(() => made({ password: 'a\nhost=evil' })).toThrow('The password of a MySQL store holds a line');
});

test('a table without a key, or without samples, is only counted', () => {
  const column = { table: 'a', name: 'id', type: 'int', key: 1 };
  expect(tableQuery('db', 'a`b', [column], 5)).toContain('from `db`.`a``b` order by `id` limit 5');
  for (const sql of [tableQuery('db', 'a', [{ ...column, key: 0 }], 5), tableQuery('db', 'a', [column], 0)])
    expect(sql).not.toContain('sample');
});

test('what the client escapes is what the server said', () => {
  expect(unescaped('a\\nb\\tc\\\\n')).toBe('a\nb\tc\\n');
});

test("a user's own statements are left out, and nobody else's", () => {
  const account = (name: string) => ({
    name,
    sql: name,
    role: false,
    create: [`CREATE ${name}`],
    grants: [`GRANT ${name}`],
  });
  const script = withoutAccount(scriptOf([account('root@%'), account('app@%')]), 'root@%');
  expect(script.split('\n').filter((line) => !line.startsWith('--'))).toEqual(['CREATE app@%;', 'GRANT app@%;', '']);
});
