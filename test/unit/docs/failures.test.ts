import { failureKinds } from '../../../domain/failures.ts';
import { textOf } from '../../markdown.ts';

test('the reference lists each kind of failure with its exit code and whether it is retried', () => {
  const page = textOf('docs/reference/exit-codes-and-failures.md');
  const rows = [...page.matchAll(/^\| `([A-Za-z]+)` +\| (\d) +\| (yes|no) +\|/gm)];
  const documented = rows.map(([, kind, exitCode, retried]) => [kind, Number(exitCode), retried === 'yes']);
  const known = Object.entries(failureKinds).map(([kind, { exitCode, retryable }]) => [kind, exitCode, retryable]);
  expect(documented.sort()).toEqual(known.sort());
});
