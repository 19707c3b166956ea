import { able, useChaos } from './run-chaos.ts';
import { expecting } from '../expecting.ts';

/** With the two of chaos.test.ts these are each operation and each fault; `npm run chaos -- --seed 40 --only <index>` repeats one. */
const indices = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 33, 36];
const chaos = useChaos(40);

(!able ? test.skip : test)(
  'twelve seeded faults: the oracle is content',
  async () => {
    const { code, lines, left } = await chaos(['--only', indices.join(','), '--parallel', '2']);
    expecting(lines.at(-1), lines.join('\n')).toBe(`${indices.length} faults, 0 violations`);
    expect({ code, left }).toEqual({ code: 0, left: [] });
  },
  3_000_000,
);
