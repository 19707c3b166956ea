import fc from 'fast-check';
import { entryNames } from '../../../domain/queue/entry-names.ts';

// cspell:ignore axbb

const kazoo = entryNames({ name: 'entry-{priority}-' });
const priority = fc.integer({ min: 0, max: 999 });

test('names as kazoo writes them', () => {
  expect(kazoo.name(100, 42)).toBe('entry-100-0000000042');
  expect(kazoo.prefix(7)).toBe('entry-007-');
  expect(kazoo.parse('entry-007-0000000010')).toEqual({ priority: 7, sequence: 10 });
  for (const other of ['entry-7-10', 'entry-007-00000000101', 'x-entry-007-0000000010', ''])
    expect(kazoo.parse(other)).toBeUndefined();
});

test('a name says its priority and number, and names sort by them', () =>
  fc.assert(
    fc.property(priority, fc.nat(), priority, fc.nat(), (one, first, other, second) => {
      expect(kazoo.parse(kazoo.name(one, first))).toEqual({ priority: one, sequence: first });
      const before = one < other || (one === other && first < second);
      expect(kazoo.name(one, first) < kazoo.name(other, second)).toBe(before);
    }),
  ));

test('a format without priorities, and one with signs that patterns know', () => {
  const plain = entryNames({ name: 'qn-' });
  expect(plain.name(5, 1)).toBe('qn-0000000001');
  expect(plain.parse('qn-0000000001')).toEqual({ priority: 0, sequence: 1 });
  const odd = entryNames({ name: 'a.(b)+{priority}$' });
  expect(odd.parse(odd.name(3, 9))).toEqual({ priority: 3, sequence: 9 });
  expect(odd.parse('axbb003$0000000009')).toBeUndefined();
});
