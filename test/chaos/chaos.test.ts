import { able, useChaos } from './run-chaos.ts';
import { expecting } from '../expecting.ts';

/** The engine restarts while services are stopped; a rollback loses its worker. More in chaos.long.test.ts. */
const seed = 40;
const indices = [12, 13];
const chaos = useChaos(seed);

test('arguments that make no sense end with 2 and the usage', async () => {
  const { code, lines } = await chaos(['--operations', 'backup,drill']);
  expect(code).toBe(2);
  expect(lines[0]).toContain('there is no drill');
  expect(lines).toContainEqual(expect.stringMatching(/^usage: npm run chaos/));
});

(!able ? test.skip : test)('interrupted, it leaves nothing behind', async () => {
  const { code, lines, left } = await chaos(['--only', '2'], (text, interrupt) => {
    if (text.includes('1 cases')) setTimeout(interrupt, 1500);
  });
  expect(code).toBe(130);
  expect(lines.at(-1)).toContain('--resume');
  expect(left).toEqual([]);
});

(!able ? test.skip : test)(
  'two seeded faults: the oracle is content, and a resumed run repeats none',
  async () => {
    const first = await chaos(['--only', indices.join(','), '--parallel', '2']);
    expecting(first.lines.at(-1), first.lines.join('\n')).toBe('2 faults, 0 violations');
    expect(first).toMatchObject({ code: 0, left: [] });

    const again = await chaos(['--only', indices.join(','), '--resume']);
    expect(again.lines[0]).toContain(`seed ${seed}: 0 cases, 2 noted`);
    expect(again).toMatchObject({ code: 0 });
    expect(again.lines.at(-1)).toBe('2 faults, 0 violations');
  },
  900_000,
);
