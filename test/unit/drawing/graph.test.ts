import fc from 'fast-check';
import { graphOf } from '../../../drawing/graph.ts';
import { waitsFor } from '../domain/plan-queries.ts';
import { anyPlan, plans, planWith, statesOf, step } from './samples.ts';

const edgesOf = (graph: ReturnType<typeof graphOf>) => graph.edges.map(({ from, to }) => `${from} → ${to}`).toSorted();
const sideOf = (graph: ReturnType<typeof graphOf>, wanted: string) =>
  graph.steps.flatMap(({ id, side }) => (side === wanted ? [id] : []));

test('a wait that follows from others has no edge', () => {
  const graph = graphOf(planWith([step('a'), step('b', ['a']), step('c', ['a', 'b']), step('d', ['a', 'c', 'c'])]));
  expect(edgesOf(graph)).toEqual(['a → b', 'b → c', 'c → d']);
});

test('several that wait for the same several meet in a joint', () => {
  const graph = graphOf(planWith([step('a'), step('b'), step('c', ['a', 'b']), step('d', ['b', 'a'])]));
  expect(edgesOf(graph)).toEqual(['a → joint-1', 'b → joint-1', 'joint-1 → c', 'joint-1 → d']);
});

test('a step that is called like a joint stays a step', () => {
  const graph = graphOf(
    planWith([step('joint-1'), step('b'), step('c', ['joint-1', 'b']), step('d', ['joint-1', 'b'])]),
  );
  expect(graph.joints).toEqual([{ id: 'joint-1+' }]);
  expect(graph.steps.map(({ id }) => id)).toContain('joint-1');
});

test('every edge is a wait of the plan, and every wait is a way along edges', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const { edges } = graphOf(plan);
      const above = (id: string, seen = new Set<string>()): Set<string> => {
        for (const { from, to } of edges) if (to === id && !seen.has(from)) above(from, seen.add(from));
        return seen;
      };
      for (const { id } of plan.steps)
        expect(new Set([...above(id)].filter((other) => !other.startsWith('joint')))).toEqual(waitsFor(plan, id));
    }),
  );
});

describe('the point of no return', () => {
  test('of a restore: all up to the fence is before it, all that moves data and what follows is after it', () => {
    const graph = graphOf(plans.restore);
    expect(sideOf(graph, 'before')).toEqual(graph.steps.slice(0, 10).map(({ id }) => id));
    expect(graph.steps[10]?.id).toBe(plans.restore.pointOfNoReturn);
    expect(sideOf(graph, 'after')).toEqual(graph.steps.slice(10).map(({ id }) => id));
  });

  test('any step that moves data passes it, not only the one that the plan names', () => {
    const steps = [
      step('a'),
      step('moves', ['a'], { destructive: true }),
      step('moves-too', ['a'], { destructive: true }),
      step('b', ['moves-too']),
    ];
    expect(sideOf(graphOf(planWith(steps, 'moves')), 'after')).toEqual(['moves', 'moves-too', 'b']);
  });

  test('what nothing puts before or after it is neither, nor is what only one of two moves waits for', () => {
    const steps = [
      step('a'),
      step('aside', ['a']),
      step('for-one', ['a']),
      step('moves', ['a'], { destructive: true }),
      step('moves-too', ['for-one'], { destructive: true }),
      step('both', ['aside', 'moves']),
    ];
    const graph = graphOf(planWith(steps, 'moves'));
    expect(sideOf(graph, 'before')).toEqual(['a']);
    expect(sideOf(graph, 'either')).toEqual(['aside', 'for-one']);
    expect(sideOf(graph, 'after')).toEqual(['moves', 'moves-too', 'both']);
  });

  test.each(['backup', 'rebuild', 'prune', 'rollback', 'restore of nothing'] as const)('a %s has none', (kind) => {
    expect(graphOf(plans[kind]).steps.every(({ side }) => side === undefined)).toBe(true);
  });
});

test('states of steps that the plan does not have are left out: a rollback lists those of the restore, too', () => {
  const graph = graphOf(plans.backup, [
    ...statesOf(plans.restore, () => 'done'),
    ...statesOf(plans.backup, () => 'running'),
  ]);
  expect(graph.steps.map(({ state }) => state?.status)).toEqual(plans.backup.steps.map(() => 'running'));
});

test('the title says what is restored to when, and which point a backup makes', () => {
  expect(graphOf(plans.restore).title).toBe('Restore of demo to 2026-11-21t0930z');
  expect(graphOf(plans.backup).title).toBe('Backup of demo, recovery point 2026-11-21t1030z');
  expect(graphOf(plans.rebuild).title).toBe('Rebuild of demo');
  expect(graphOf(plans.restore).subtitle).toBe(
    '35 steps on machine, data as of 2026-11-21T09:30:12.000Z, plan 01234567',
  );
});
