import { able, useChaos } from './run-chaos.ts';
import { dealtShapes } from '../../chaos/cases.ts';
import { expecting } from '../expecting.ts';

/**
 * With the two of chaos.test.ts these are each operation and each fault, and each shape of platform four times;
 * `npm run chaos -- --seed 40 --shapes volumes,folders,nodes --only <index>` repeats one.
 */
const indices = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 33, 36];
const of = ['--only', indices.join(','), '--shapes', dealtShapes.join(',')];
const chaos = useChaos(40);

(!able ? test.skip : test)(
  'twelve seeded faults: the oracle is content',
  async () => {
    const { code, lines, left } = await chaos([...of, '--parallel', '2']);
    expecting(lines.at(-1), lines.join('\n')).toBe(`${indices.length} faults, 0 violations`);
    expect({ code, left }).toEqual({ code: 0, left: [] });
  },
  3_000_000,
);
