import fc from 'fast-check';
import { JobTable, type QueueEntry } from '../../../domain/queue/job-table.ts';
import { QueueComparison } from '../../../domain/queue/comparison.ts';
import { entryNames, type NamedEntry } from '../../../domain/queue/entry-names.ts';

const names = entryNames({ name: 'entry-{priority}-' });
const jobs: fc.Arbitrary<QueueEntry[]> = fc.uniqueArray(
  fc.record({
    value: fc.uuid().map((id) => `job/${id}`),
    priority: fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constantFrom(0, 100, 999)),
  }),
  { selector: ({ value }) => value, maxLength: 200 },
);

const layout = (all: readonly QueueEntry[]): NamedEntry[] =>
  all.map(({ value, priority }, index) => ({ name: names.name(priority, index), value }));

function compare(all: readonly QueueEntry[], present: readonly NamedEntry[]) {
  const table = JobTable.of(all);
  const comparison = new QueueComparison(table, names, present.length);
  for (const { name, value } of present) comparison.see(name, value);
  const { missing, ...rest } = comparison.result();
  return { ...rest, missing: Array.from(missing, (job) => table.value(job)), isPartOfNew: comparison.isPartOfNew };
}

const values = (entries: readonly { value: string }[]) => entries.map(({ value }) => value);

describe('comparing a queue with its jobs', () => {
  test('a newly written queue equals its jobs, in whatever order it is read', () =>
    fc.assert(
      fc.property(jobs, (all) => {
        expect(compare(all, layout(all).toReversed())).toEqual({
          missing: [],
          extra: [],
          duplicates: [],
          isPartOfNew: true,
        });
      }),
    ));

  test('removed entries are missing, in queue order; added ones are extra; a second entry is a duplicate', () =>
    fc.assert(
      fc.property(jobs, fc.infiniteStream(fc.boolean()), (all, coin) => {
        const kept = layout(all).filter(() => coin.next().value);
        const again = kept.slice(0, 3).map(({ value }, index) => ({ name: names.name(999, 5000 + index), value }));
        const foreign = { name: names.name(0, 6000), value: 'other/1' };
        const { missing, extra, duplicates, isPartOfNew } = compare(all, [...again, foreign, ...kept]);
        const there = new Set(values(kept));
        const inOrder = all.toSorted((a, b) => a.priority - b.priority);
        expect(missing).toEqual(values(inOrder).filter((value) => !there.has(value)));
        expect(extra).toEqual([foreign]);
        expect(values(duplicates).toSorted()).toEqual(values(again).toSorted());
        // The later name is the further entry.
        expect(duplicates.every(({ name }) => !layout(all).some((entry) => entry.name === name))).toBe(true);
        expect(isPartOfNew).toBe(false);
      }),
    ));

  test('the start of a new queue is recognised as such; another one is not', () => {
    const all = ['a', 'b', 'c'].map((value) => ({ value, priority: 5 }));
    expect(compare(all, layout(all).slice(0, 2))).toMatchObject({ isPartOfNew: true, missing: ['c'] });
    expect(compare(all, layout(all.toReversed()))).toMatchObject({ isPartOfNew: false });
    expect(compare(all, [{ name: names.name(6, 0), value: 'a' }])).toMatchObject({ isPartOfNew: false });
  });

  test('two swapped jobs are detected', () => {
    const all = ['a', 'b', 'c'].map((value) => ({ value, priority: 5 }));
    const present = layout(['a', 'c', 'b'].map((value) => ({ value, priority: 5 })));
    expect(compare(all, present).firstDisorder).toMatchObject({
      expected: { value: 'b', priority: 5 },
      found: { name: 'entry-005-0000000001', value: 'c' },
    });
  });

  test('numbered in queue order instead of that of creation, as older versions did, the order is right as well', () => {
    const all = [
      { value: 'late', priority: 9 },
      { value: 'soon', priority: 1 },
    ];
    const present = layout(all.toReversed());
    expect(compare(all, present)).toMatchObject({ missing: [], extra: [], isPartOfNew: false });
    expect(compare(all, present).firstDisorder).toBeUndefined();
  });

  test('in a queue that producers filled, only the priority counts', () => {
    const all = ['a', 'b'].map((value) => ({ value, priority: 5 }));
    const entry = (priority: number, sequence: number, value: string) => ({
      name: names.name(priority, sequence),
      value,
    });
    expect(compare(all, [entry(5, 70, 'b'), entry(5, 71, 'a')]).firstDisorder).toBeUndefined();
    expect(compare(all, [entry(5, 70, 'b'), entry(6, 71, 'a')]).firstDisorder?.expected.value).toBe('a');
  });

  test('an entry under a foreign name stands for nothing', () => {
    const all = [{ value: 'a', priority: 5 }];
    const odd = { name: 'by-hand', value: 'a' };
    expect(compare(all, [odd])).toMatchObject({ missing: ['a'], extra: [odd] });
  });
});
