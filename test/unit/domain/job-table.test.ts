import fc from 'fast-check';
import { JobTable, type QueueEntry } from '../../../domain/queue/job-table.ts';

const entry: fc.Arbitrary<Required<QueueEntry>> = fc.record({
  value: fc.oneof(
    fc.uuid().map((id) => `job/${id}`),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  ),
  priority: fc.integer({ min: 0, max: 999 }),
  running: fc.boolean(),
});

test('holds what was added, in that order; a value once', () =>
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 300 }), (entries) => {
      const table = new JobTable();
      const known = new Map<string, number>();
      for (const one of entries) {
        const isNew = !known.has(one.value);
        expect(table.add(one)).toBe(isNew);
        if (isNew) known.set(one.value, known.size);
      }
      const first = [...known.keys()].map((value) => entries.find((one) => one.value === value));
      expect(table.size).toBe(known.size);
      expect(first.map((_, number) => table.entry(number))).toEqual(first);
      for (const [value, number] of known) expect(table.find(value)).toBe(number);
      expect(table.find('nobody')).toBeUndefined();
      expect(table.runningCount).toBe(first.filter((one) => one?.running).length);
    }),
  ));

test('queue order: by priority, then as added', () =>
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 300 }), (entries) => {
      const table = JobTable.of(entries);
      const all = Array.from({ length: table.size }, (_, number) => number);
      expect([...table.inQueueOrder()]).toEqual(all.toSorted((a, b) => table.priority(a) - table.priority(b)));
    }),
  ));

test('sorted: by key, then by value, each job with what it had', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(entry, fc.integer({ min: 0, max: 5 }), fc.constantFrom('', 'a', 'b', undefined)), {
        maxLength: 300,
      }),
      (given) => {
        const table = new JobTable();
        const kept = given.filter(([one, first, rest]) => table.add(one, { first, rest: rest ?? one.value }));
        table.sort();
        const expected = kept.toSorted(
          ([a, first, rest], [b, other, otherRest]) =>
            first - other ||
            Buffer.compare(Buffer.from(rest ?? a.value), Buffer.from(otherRest ?? b.value)) ||
            Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)),
        );
        expect(expected.map((_, number) => table.entry(number))).toEqual(expected.map(([one]) => one));
        for (const [number, [one]] of expected.entries()) expect(table.find(one.value)).toBe(number);
      },
    ),
  ));

test('many, and large ones, are found again', () => {
  const table = new JobTable();
  const valueOf = (number: number) => (number % 10_000 === 0 ? `${number}${'x'.repeat(2_000_000)}` : `job/${number}`);
  for (let number = 0; number < 50_000; number++) table.add({ value: valueOf(number), priority: number % 1000 });
  expect(table.size).toBe(50_000);
  for (const number of [0, 1, 9_999, 10_000, 31_234, 49_999]) {
    expect(table.find(valueOf(number))).toBe(number);
    expect(table.value(number)).toBe(valueOf(number));
    expect(table.priority(number)).toBe(number % 1000);
  }
});
