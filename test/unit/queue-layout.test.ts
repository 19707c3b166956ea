import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareQueue,
  entryName,
  inNameOrder,
  inQueueOrder,
  layoutQueue,
  parseEntryName,
  type QueueEntry,
} from '../../domain/queue-layout.ts';

const priority = fc.integer({ min: 0, max: 999 });
const jobs: fc.Arbitrary<QueueEntry[]> = fc.uniqueArray(
  fc.record({ value: fc.uuid().map((id) => `job/${id}`), priority: fc.oneof(priority, fc.constantFrom(0, 100, 999)) }),
  { selector: ({ value }) => value, maxLength: 200 },
);

describe('the layout of the queue', () => {
  test('names as kazoo writes them', () => {
    expect(entryName(100, 42)).toBe('entry-100-0000000042');
    expect(parseEntryName('entry-007-0000000010')).toEqual({ priority: 7, sequence: 10 });
    expect(parseEntryName('entry-7-10')).toBeUndefined();
  });

  test('a name says its priority and number', () =>
    fc.assert(
      fc.property(priority, fc.nat(), (level, sequence) => {
        expect(parseEntryName(entryName(level, sequence))).toEqual({ priority: level, sequence });
      }),
    ));

  test('names sort as the jobs do, are numbered 0…N-1 and depend on nothing else', () =>
    fc.assert(
      fc.property(jobs, (all) => {
        const layout = layoutQueue(all);
        expect(inNameOrder(layout)).toEqual(layout);
        expect(layout.map(({ value }) => value)).toEqual(inQueueOrder(all).map(({ value }) => value));
        expect(layout.map(({ name }) => parseEntryName(name)?.sequence)).toEqual(all.map((_, index) => index));
        expect(layoutQueue(all)).toEqual(layout);
      }),
    ));

  test('within a priority the order of creation stays', () =>
    fc.assert(
      fc.property(jobs, (all) => {
        const ordered = inQueueOrder(all);
        for (const [index, job] of ordered.entries()) {
          const next = ordered[index + 1];
          if (next?.priority === job.priority) expect(all.indexOf(next)).toBeGreaterThan(all.indexOf(job));
        }
      }),
    ));

  test.each([
    ['a priority below the range', [{ value: 'a', priority: -1 }]],
    ['a priority above the range', [{ value: 'a', priority: 1000 }]],
    ['a priority that is no whole number', [{ value: 'a', priority: 1.5 }]],
    [
      'a job named twice',
      [
        { value: 'a', priority: 1 },
        { value: 'a', priority: 2 },
      ],
    ],
    ['an empty id', [{ value: '', priority: 1 }]],
  ])('refuses %s', (_, wrong) => {
    expect(() => layoutQueue(wrong)).toThrow(expect.objectContaining({ kind: 'QueueRefused' }) as Error);
  });
});

describe('comparing a queue with its jobs', () => {
  test('a queue written anew equals its jobs', () =>
    fc.assert(
      fc.property(jobs, (all) => {
        expect(compareQueue(all, layoutQueue(all).toReversed())).toEqual({ missing: [], extra: [], duplicates: [] });
      }),
    ));

  test('what was taken out is missing, in queue order; what was put in is extra; a second entry is a duplicate', () =>
    fc.assert(
      fc.property(jobs, fc.infiniteStream(fc.boolean()), (all, coin) => {
        const kept = layoutQueue(all).filter(() => coin.next().value);
        const again = kept.slice(0, 3).map(({ value }, index) => ({ name: entryName(999, 5000 + index), value }));
        const foreign = { name: entryName(0, 6000), value: 'other/1' };
        const { missing, extra, duplicates } = compareQueue(all, [...again, foreign, ...kept]);
        const values = new Set(kept.map(({ value }) => value));
        expect(missing).toEqual(inQueueOrder(all).filter(({ value }) => !values.has(value)));
        expect(extra).toEqual([foreign]);
        expect(duplicates).toHaveLength(again.length);
      }),
    ));

  test('two jobs that changed places are seen', () => {
    const all = ['a', 'b', 'c'].map((value) => ({ value, priority: 5 }));
    const present = layoutQueue(['a', 'c', 'b'].map((value) => ({ value, priority: 5 })));
    expect(compareQueue(all, present).firstDisorder).toEqual({
      expected: { value: 'b', priority: 5 },
      found: { name: 'entry-005-0000000001', value: 'c' },
    });
  });

  test('in a queue that producers filled, only the priority counts', () => {
    const all = ['a', 'b'].map((value) => ({ value, priority: 5 }));
    const late = [
      { name: entryName(5, 70), value: 'b' },
      { name: entryName(5, 71), value: 'a' },
    ];
    expect(compareQueue(all, late).firstDisorder).toBeUndefined();
    const wrong = [
      { name: entryName(5, 70), value: 'b' },
      { name: entryName(6, 71), value: 'a' },
    ];
    expect(compareQueue(all, wrong).firstDisorder?.expected.value).toBe('a');
  });
});
