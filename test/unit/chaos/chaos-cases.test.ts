import { readArguments } from '../../../chaos/arguments.ts';
import { drawCase, faultNames } from '../../../chaos/cases.ts';
import { type Operation, operationNames, operations, usualOperations } from '../../../chaos/operations.ts';
import { seeded } from '../../../chaos/random.ts';
import { lastLine, withTable } from '../../../chaos/table.ts';
import type { Noted } from '../../../chaos/state.ts';

const draw = (seed: number, count = 400) =>
  Array.from({ length: count }, (_, at) => drawCase(seed, at + 1, operationNames));

test('a seed and an index are one case, whatever else is drawn', () => {
  const [, , third] = draw(1);
  expect(drawCase(1, 3, operationNames)).toEqual(third);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('every operation, fault and step comes up, alone and in pairs, early and late', () => {
  const cases = draw(1, 2000);
  expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(operationNames));
  expect(new Set(cases.flatMap(({ faults }) => faults.map(({ fault }) => fault)))).toEqual(new Set(faultNames));
  for (const name of operationNames) {
    const moments = cases.filter(({ operation }) => operation === name).map(({ moment }) => moment);
    const met = new Set(moments.flatMap((moment) => ('step' in moment ? moment.step : [])));
    const { steps }: Operation = operations[name];
    expect(met).toEqual(new Set(steps));
    const seconds = moments.flatMap((moment) => ('seconds' in moment ? moment.seconds : []));
    expect(Math.min(...seconds)).toBeLessThan(operations[name].usualSeconds / 5);
    expect(Math.max(...seconds)).toBeGreaterThan(operations[name].usualSeconds * 0.8);
  }
  expect(new Set(cases.map(({ faults }) => faults.length))).toEqual(new Set([1, 2]));
});

test('a short run meets every fault and operation: they are dealt in rounds', () => {
  for (const seed of [1, 2, 3]) {
    const cases = draw(seed, 9);
    expect(new Set(cases.map(({ faults: [first] }) => first?.fault)).size).toBe(faultNames.length);
    const round = cases.slice(0, operationNames.length).map(({ operation }) => operation);
    expect(new Set(round)).toEqual(new Set(operationNames));
  }
});

test('two faults of a case are different, and nothing is killed on an engine that is down', () => {
  for (const { faults } of draw(3, 2000)) {
    const names = faults.map(({ fault }) => fault);
    expect(new Set(names).size).toBe(names.length);
    if (names.includes('engine'))
      expect(names.filter((name) => ['elasticsearch', 'zookeeper', 's3', 'core service'].includes(name))).toEqual([]);
  }
});

test('the generator spreads evenly, and its numbers are those that it has always given', () => {
  const random = seeded('even');
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10_000; i += 1) counts[random.between(0, 9)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  const known = seeded('1:1');
  expect([known.between(0, 999), known.between(0, 999), known.between(0, 999)]).toEqual([934, 337, 626]);
});

test('arguments: defaults, and invalid ones are refused', () => {
  expect(readArguments([])).toMatchObject({ faults: 12, seed: 1, parallel: 1, operations: usualOperations });
  expect(readArguments(['--only', '7,9', '--seed', '3'])).toMatchObject({
    only: [7, 9],
    stateFile: '.rekindle/chaos/3.json',
  });
  expect(readArguments(['--help'])).toBeUndefined();
  expect(() => readArguments(['--faults', 'many'])).toThrow('--faults needs a whole number of at least 1, not "many"');
  expect(() => readArguments(['--operations', 'backup,drill'])).toThrow('there is no drill');
});

test('the table stands between the marks, and is replaced', () => {
  const planned = drawCase(1, 1, operationNames);
  const noted: Noted = {
    case: planned,
    result: {
      index: 1,
      outcome: 'passed',
      violations: [],
      struckAt: planned.faults.map(() => 1),
      ending: { state: 'ended' },
      seconds: 41.2,
    },
  };
  const once = withTable('# Chaos\n\nText.\n', 1, [noted]);
  const bad = { ...noted, result: { ...noted.result, violations: ['lost, volumes: a'] } };
  const twice = withTable(`${once}\nMore text.\n`, 1, [noted, bad]);
  expect(once).toContain('Seed 1: **1 faults, 0 violations**.');
  expect(twice).toContain('Seed 1: **2 faults, 1 violations**.');
  expect(twice.match(/chaos:begin/g)).toHaveLength(1);
  expect(twice).toMatch(/^# Chaos\n\nText\.[^]*\nMore text\.\n$/);
  expect(lastLine([bad])).toBe('1 faults, 1 violations');
});
