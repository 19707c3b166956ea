import { judgeStreams } from '../../../../domain/streams/judge-streams.ts';
import { postgresShrinkage } from '../../../../domain/postgres/shrinkage.ts';
import { expectedPostgres } from '../../../postgres-situation.ts';

const before = expectedPostgres();
const withRows = (job: number, log = 20) => {
  const [database] = structuredClone(before.databases);
  database!.tables[0]!.rows = job;
  database!.tables[1]!.rows = log;
  return expectedPostgres({ databases: [database!] });
};

test.each([
  ['the same', before, []],
  ['more', withRows(5000), []],
  ['less, within the limit', withRows(850), []],
  ['a few rows of a small table', withRows(1000, 12), []],
  ['less than the limit', withRows(500), ['app has 520 rows, of 1020']],
  ['a table that is emptied', withRows(1000, 0), ['app: public.log had 20 rows and has none']],
  ['a database that is gone', expectedPostgres({ databases: [] }), ['the database app is gone']],
])('%s', (_name, now, found) => {
  expect(postgresShrinkage(before, now, 20)).toEqual(found);
});

describe('a new point', () => {
  const subject = { platform: 'demo', point: 'new', mayShrink: { '*': 20 } };
  const content = (expected: unknown) => ({ store: 'accounts', kind: 'postgres' as const, expected });

  test('that holds less is suspect, and a person is told how to accept it', () => {
    const check = judgeStreams(subject, content(withRows(1)), { point: 'old', streams: [content(before)] });
    expect(check).toMatchObject({ name: 'content accounts', verdict: 'fail' });
    expect(check.remedy).toContain('rekindle accept demo new');
  });

  test('that holds as much is good, as is the first of its store', () => {
    expect(judgeStreams(subject, content(before), { point: 'old', streams: [content(before)] }).verdict).toBe('pass');
    const first = judgeStreams(subject, content(before), { point: 'old', streams: [] });
    expect(first).toMatchObject({
      verdict: 'pass',
      evidence: expect.stringContaining('1 databases with 1020 rows') as string,
    });
  });
});
