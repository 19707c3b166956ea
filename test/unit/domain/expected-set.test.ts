import fc from 'fast-check';
import { expectedIndices, type IndexMarks } from '../../../domain/recovery-points/expected-set.ts';

const marks = (changes: Partial<IndexMarks> = {}): IndexMarks => ({
  uuid: 'u1',
  state: 'open',
  primaries: 2,
  aliases: ['a', 'b'],
  replicas: 1,
  settings: {},
  seqNos: [9, 4],
  count: 15,
  samples: [
    { id: 'x', seqNo: 1, sha256: 's1' },
    { id: 'y', seqNo: 2, sha256: 's2' },
  ],
  ...changes,
});
const one = (before: IndexMarks, after: IndexMarks | undefined) =>
  expectedIndices({ index: before }, after ? { index: after } : {})[0]!;

test('equal sequence numbers make the count exact', () => {
  expect(one(marks(), marks())).toEqual({
    name: 'index',
    state: 'open',
    primaries: 2,
    aliases: ['a', 'b'],
    replicas: 1,
    documents: { atLeast: 15, atMost: 15 },
    samples: [
      { id: 'x', sha256: 's1' },
      { id: 'y', sha256: 's2' },
    ],
    operations: { uuid: 'u1', before: 15, after: 15 },
  });
});

test('operations in between make it a range, bounded from both sides', () => {
  const { documents } = one(marks(), marks({ seqNos: [12, 5], count: 17 }));
  expect(documents).toEqual({ atLeast: 13, atMost: 19 });
  expect(one(marks({ count: 1 }), marks({ seqNos: [12, 5], count: 0 })).documents).toEqual({ atLeast: 0, atMost: 4 });
});

test('samples count only at an unchanged sequence number, aliases only on both sides', () => {
  const after = marks({ aliases: ['b', 'c'], samples: [{ id: 'x', seqNo: 10, sha256: 's9' }, marks().samples[1]!] });
  expect(one(marks(), after)).toMatchObject({ aliases: ['b'], samples: [{ id: 'y', sha256: 's2' }] });
});

test('an index that was deleted or replaced promises nothing but its presence', () => {
  for (const after of [undefined, marks({ uuid: 'u2' }), marks({ seqNos: [9] })]) {
    expect(one(marks(), after).documents).toEqual({ atLeast: 0, atMost: Number.MAX_SAFE_INTEGER });
  }
});

test('whenever the snapshot takes its moment, its count lies in the range', () => {
  const operation = fc.constantFrom(1, 0, -1);
  const run = fc.array(operation, { maxLength: 30 });
  fc.assert(
    fc.property(fc.nat(50), run, run, run, run, (start, a, b, c, d) => {
      // seqNos → a → count → b → snapshot → c → count → d → seqNos; a count never falls below zero.
      const apply = (count: number, operations: number[]) =>
        operations.reduce((n, step) => Math.max(0, n + step), count);
      const first = apply(start, a);
      const snapshot = apply(first, b);
      const last = apply(snapshot, c);
      const seqAfter = a.length + b.length + c.length + d.length;
      const { documents } = one(marks({ seqNos: [0], count: first }), marks({ seqNos: [seqAfter], count: last }));
      expect(snapshot).toBeGreaterThanOrEqual(documents!.atLeast);
      expect(snapshot).toBeLessThanOrEqual(documents!.atMost);
    }),
  );
});

test('an index that could not be counted on one side promises no count, and says why', () => {
  const uncounted = marks({ uncounted: 'index.blocks.read is set', seqNos: [], count: 0 });
  for (const [before, after] of [
    [uncounted, marks()],
    [marks(), uncounted],
  ] as const) {
    expect(one(before, after)).toMatchObject({ uncounted: 'index.blocks.read is set' });
    expect(one(before, after)).not.toHaveProperty('documents');
    expect(one(before, after)).not.toHaveProperty('operations');
  }
});
