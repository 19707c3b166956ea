import fc from 'fast-check';
import { orderBy, type OrderKey } from '../../../domain/queue/order.ts';
import type { Source } from '../../../domain/queue/source.ts';

const compare = (one: OrderKey, other: OrderKey) =>
  one.first === other.first ? Buffer.compare(Buffer.from(one.rest), Buffer.from(other.rest)) : one.first - other.first;
const sorted = (fields: string[], sources: Source[]) => {
  const key = orderBy(fields);
  return sources.toSorted((a, b) => compare(key(a), key(b)));
};

test('by creation, then id: dates by their time, however they are written', () => {
  const inOrder = [
    { created: '2026-11-21T09:30:00Z', id: 'b' },
    { created: '2026-11-21T09:30:00.001Z', id: 'a' },
    { created: '2026-11-21T10:30:00.002+01:00', id: 'a' },
    { created: '2026-11-21T09:30:00.002Z', id: 'b' },
    { created: 'some day', id: 'a' },
    { id: 'a' },
    { id: 'b' },
  ];
  for (let turn = 0; turn < inOrder.length; turn++)
    expect(sorted(['created', 'id'], [...inOrder.slice(turn), ...inOrder.slice(0, turn)])).toEqual(inOrder);
});

test('numbers by value, also where they decide second; what is missing comes last', () =>
  fc.assert(
    fc.property(fc.uniqueArray(fc.double({ noNaN: true }), { maxLength: 40 }), (numbers) => {
      const inOrder = numbers.filter((one) => !Object.is(one, -0)).toSorted((a, b) => a - b);
      const second = inOrder.map((size) => ({ kind: 'x', size }));
      expect(sorted(['kind', 'size'], [{ kind: 'x' }, ...second.toReversed()])).toEqual([...second, { kind: 'x' }]);
      const finite = inOrder.filter((one) => Number.isFinite(one) && one < Number.MAX_VALUE);
      const first = finite.map((size) => ({ size }));
      expect(sorted(['size'], [{}, ...first.toReversed()])).toEqual([...first, {}]);
    }),
  ));

test('an id that is also the entry is its own key, so that it is not kept twice', () => {
  expect(orderBy(['created', 'id'])({ created: 5, id: 'job/1' })).toEqual({ first: 5, rest: 'job/1' });
});
