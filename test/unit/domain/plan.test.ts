import fc from 'fast-check';
import { withHash } from '../../../operations/with-hash.ts';
import { canonicalJson, inOrder } from '../../../domain/plans/plan.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { demoObserved, demoSituation } from '../../demo-situation.ts';

const hashOf = (change: Parameters<typeof demoSituation>[0] = {}) => withHash(planRestore(demoSituation(change))).hash;

describe('the plan’s hash', () => {
  test('is the same for the same situation', () => {
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf()).toBe(hashOf());
  });

  test('knows a volume from another that took its name', () => {
    const observed = demoObserved();
    const [first] = observed.volumes;
    if (first) first.createdAt = '2026-11-20T00:00:00Z';
    expect(hashOf({ observed })).not.toBe(hashOf());
  });

  test('changes with the platform file, the recovery point and the treatment of volumes', () => {
    const other = { ...demoSituation().manifest, id: '2026-11-20t0930z' };
    const hashes = [
      hashOf(),
      hashOf({ platformFileHash: 'e'.repeat(64) }),
      hashOf({ manifest: other }),
      hashOf({ volumes: 'remove' }),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  test('does not change with what changes by itself', () => {
    const observed = { ...demoObserved(), engineVersion: '28.1.0', networks: [{ name: 'demo_back', id: 'other' }] };
    expect(hashOf({ observed })).toBe(hashOf());
  });

  test('does not depend on the order of keys, at any depth', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, inner]) => [key, shuffled(inner)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('keeps the order of lists, and leaves out what is undefined', () => {
    expect(canonicalJson([2, 1])).toBe('[2,1]');
    expect(canonicalJson({ b: 1, a: { d: undefined, c: null } })).toBe('{"a":{"c":null},"b":1}');
  });
});

describe('the order of steps', () => {
  const step = (id: string, after: string[] = []): Step => ({ id, action: 'smokeCheck', arguments: {}, after });

  test('puts each behind what it waits for', () => {
    const ordered = inOrder([step('c', ['b']), step('b', ['a']), step('a')]);
    expect(ordered.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('names steps that wait for each other', () => {
    expect(() => inOrder([step('a', ['b']), step('b', ['a']), step('c')])).toThrow('a, b');
  });

  test('names a step that waits for a missing one', () => {
    expect(() => inOrder([step('a', ['nowhere'])])).toThrow('a');
  });
});
