import { countOf, type FileReport } from '../../run/report.mjs';
import { filesToTryAgain, withSecondTry } from '../../run/second-try.mjs';

const file = (name: string, failed: number): FileReport => ({
  name,
  milliseconds: 100,
  passed: 3 - failed,
  failed,
  skipped: 0,
  failures: Array.from({ length: failed }, (_, index) => `${name} > test ${index}: why`),
});
const names = (files: FileReport[]) => files.map(({ name }) => name);

test('files of a stage with real servers are tried again; of the others, of many and of all tests, none', () => {
  const files = [file('a', 1), file('b', 0), file('c', 2)];
  expect(names(filesToTryAgain({}, {}, files))).toEqual(['a', 'c']);
  expect(filesToTryAgain({ lane: 'computes' }, {}, files)).toEqual([]);
  expect(filesToTryAgain({}, { all: true }, files)).toEqual([]);
  expect(
    filesToTryAgain(
      {},
      {},
      ['a', 'b', 'c', 'd'].map((name) => file(name, 1)),
    ),
  ).toEqual([]);
  expect(filesToTryAgain({}, {}, undefined)).toEqual([]);
});

test('what passes then is no failure, and is said to be unstable', () => {
  const { files, unstable } = withSecondTry([file('a', 2), file('b', 0)], [file('a', 0)]);
  expect(unstable).toEqual(['a > test 0: why', 'a > test 1: why']);
  expect(countOf(files, 0)).toMatchObject({ passed: 6, failed: 0, failures: [] });
  expect(files[0]?.milliseconds).toBe(200);
});

test('what fails again has failed, with what it said then', () => {
  const { files, unstable } = withSecondTry([file('a', 2), file('b', 0)], [file('a', 1)]);
  expect(unstable).toEqual([]);
  expect(countOf(files, 1)).toMatchObject({ passed: 5, failed: 1, failures: ['a > test 0: why'] });
});

test('a second try that did not come about leaves the first', () => {
  expect(withSecondTry([file('a', 2)], undefined)).toEqual({ files: [file('a', 2)], unstable: [] });
});
