import fc from 'fast-check';
import { graphOf } from '../../../drawing/graph.ts';
import { layOut, type Area, type Layout } from '../../../drawing/layout.ts';
import { textWidth } from '../../../drawing/text.ts';
import type { Plan } from '../../../domain/plans/plan.ts';
import { anyPlan, largePlan, plans, planWith, statesOf, step } from './samples.ts';

const overlap = (one: Area, other: Area) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

/** What must hold of every drawing. */
function faultsOf(plan: Plan, { steps, line, width, height, direction }: Layout): string[] {
  const faults: string[] = [];
  const [start, size] = direction === 'down' ? (['y', 'height'] as const) : (['x', 'width'] as const);
  const areaOf = new Map(steps.map((placed) => [placed.step.id, placed]));
  for (const [index, one] of steps.entries()) {
    const { id, side } = one.step;
    if (one.x < 0 || one.y < 0 || one.x + one.width > width || one.y + one.height > height)
      faults.push(`${id} outside`);
    for (const other of steps.slice(index + 1)) if (overlap(one, other)) faults.push(`${id} on ${other.step.id}`);
    for (const before of plan.steps.find((each) => each.id === id)?.after ?? []) {
      const above = areaOf.get(before);
      if (above && above[start] + above[size] > one[start]) faults.push(`${id} not below ${before}`);
    }
    if (line && side === 'after' && one[start] <= line.from[start]) faults.push(`${id} not below the line`);
    if (line && side === 'before' && one[start] + one[size] >= line.from[start])
      faults.push(`${id} not above the line`);
    if (line && overlap(one, line.words)) faults.push(`${id} on the words of the line`);
  }
  return faults;
}

describe.each(['down', 'right'] as const)('%s', (direction) => {
  test.each(Object.entries(plans))('%s: nothing overlaps, each step stands behind what it waits for', (_, plan) => {
    const layout = layOut(graphOf(plan), { direction });
    expect(layout.steps).toHaveLength(plan.steps.length);
    expect(faultsOf(plan, layout)).toEqual([]);
  });

  test('so does any plan', () => {
    fc.assert(
      fc.property(anyPlan, fc.boolean(), (plan, details) => {
        expect(faultsOf(plan, layOut(graphOf(plan), { direction, details }))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

test('the restore of the demo platform fits on a screen, and its lines do not cross', () => {
  const { width, edges, joints } = layOut(graphOf(plans.restore));
  expect(width).toBeLessThan(1000);
  // Three volumes, then two services: six lines without the joint.
  expect(joints).toHaveLength(1);
  expect(edges).toHaveLength(42);
  const crossings = edges.flatMap((one, index) =>
    edges.slice(index + 1).filter((other) => cross(one.path, other.path)),
  );
  expect(crossings).toEqual([]);
});

test('steps in parallel stand side by side, in the order of the plan', () => {
  const { steps } = layOut(graphOf(plans.restore));
  const row = steps.filter(({ step: { id } }) => id.startsWith('quarantine-'));
  expect(new Set(row.map(({ y }) => y)).size).toBe(1);
  expect(row.map(({ x }) => x)).toEqual(row.map(({ x }) => x).toSorted((a, b) => a - b));
});

test('what may run before or after the point of no return stands on the line', () => {
  const steps = [step('a'), step('aside', ['a']), step('moves', ['a'], { destructive: true })];
  const { line, steps: placed } = layOut(graphOf(planWith(steps, 'moves')));
  const aside = placed.find((one) => one.step.id === 'aside');
  expect(aside && line && aside.y < line.from.y && line.from.y < aside.y + aside.height).toBe(true);
});

test('200 steps: text as large as ever, no wider than a screen, many in parallel in a frame', () => {
  const plan = largePlan();
  expect(plan.steps).toHaveLength(200);
  const layout = layOut(graphOf(plan));
  expect(faultsOf(plan, layout)).toEqual([]);
  expect(layout.width).toBeLessThan(1200);
  expect(layout.frames).toHaveLength(1);
  expect(layout.edges.length).toBeLessThan(150);
});

test('a run that goes on does not move its picture', () => {
  const waiting = layOut(
    graphOf(
      plans.restore,
      statesOf(plans.restore, () => 'waiting'),
    ),
    { details: true },
  );
  const states = statesOf(plans.restore, (index) => (index < 12 ? 'done' : 'failed'), 'refused '.repeat(50));
  const later = layOut(graphOf(plans.restore, states), { details: true });
  const placesOf = ({ steps, edges }: Layout) => [steps.map(({ x, y, width, height }) => [x, y, width, height]), edges];
  expect(placesOf(later)).toEqual(placesOf(waiting));
});

test('every line of text fits into its box', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      for (const { lines, width } of layOut(graphOf(plan)).steps) {
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines) expect(textWidth(line, 13)).toBeLessThanOrEqual(width - 19 - 22);
      }
    }),
  );
});

/** Of the straight pieces between the corners of two paths. */
function cross(one: string, other: string): boolean {
  const cornersOf = (path: string) =>
    [...path.matchAll(/(?:[ML]|C[-\d. ]+? [-\d.]+ [-\d.]+ [-\d.]+ )([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    }));
  const pieces = (path: string) =>
    cornersOf(path).flatMap((to, index, all) => (index > 0 ? [[all[index - 1]!, to]] : []));
  const turn = (a: Corner, b: Corner, c: Corner) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  return pieces(one).some(([a, b]) =>
    pieces(other).some(([c, d]) => turn(a!, b!, c!) * turn(a!, b!, d!) < 0 && turn(c!, d!, a!) * turn(c!, d!, b!) < 0),
  );
}

type Corner = { x: number; y: number };
