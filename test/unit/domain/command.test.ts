import { overallVerdict } from '../../../domain/checks.ts';
import { compareCounts } from '../../../domain/command/compare.ts';
import { countedBetween, parseCounts, type CommandExpectedSet } from '../../../domain/command/expected.ts';

test.each<[string, Record<string, number> | undefined]>([
  ['12\n', { entries: 12 }],
  ['policies 12\npackages: 3\njobs=0\n', { policies: 12, packages: 3, jobs: 0 }],
  ['open jobs 4\n', { 'open jobs': 4 }],
  ['', undefined],
  ['policies\n', undefined],
  ['policies 1\nERROR: out of reach\n', undefined],
  ['policies 1\npolicies 2\n', undefined],
  ['policies -1', undefined],
])('%j counts as %j', (output, counts) => {
  expect(parseCounts(output)).toEqual(counts);
});

test('what is written meanwhile makes a range', () => {
  expect(countedBetween({ a: 3, b: 1 }, { a: 5, c: 2 })).toEqual({
    a: { least: 3, most: 5 },
    b: { least: 0, most: 1 },
    c: { least: 0, most: 2 },
  });
});

const expected: CommandExpectedSet = { version: 1, store: 'policy', counts: { policies: { least: 3, most: 4 } } };

test.each<[number, string, boolean, string]>([
  [3, 'pass', false, 'As exported: 3 to 4 policies'],
  [5, 'pass', true, 'More than the point has: 5 policies, not 3 to 4'],
  [2, 'fail', false, '2 policies, not 3 to 4'],
])('%d of 3 to 4: %s', (policies, verdict, warns, evidence) => {
  const [check] = compareCounts(expected, { policies });
  expect(check).toMatchObject({ verdict, evidence });
  expect(check?.warning === true).toBe(warns);
});

test('without counts nothing is proven', () => {
  expect(overallVerdict(compareCounts({ version: 1, store: 'policy' }, undefined))).toBe('inconclusive');
});
