import fc from 'fast-check';
import { graphOf } from '../../../drawing/graph.ts';
import { svgOf } from '../../../drawing/svg.ts';
import { anyPlan, hostile, largePlan, plans, planWith, statesOf, step } from './samples.ts';
import { elementsOf, parseXml, textOf, type XmlElement } from './xml.ts';

const drawn = (...args: Parameters<typeof graphOf>) => parseXml(svgOf(graphOf(...args)));
const classed = (svg: XmlElement, wanted: string) =>
  ['g', 'path', 'rect', 'text', 'circle']
    .flatMap((name) => elementsOf(svg, name))
    .filter(({ attributes }) => attributes['class']?.split(' ').includes(wanted));
const child = (element: XmlElement | undefined, name: string) =>
  elementsOf(element ?? { name: '', attributes: {}, children: [] }, name)[0];

test.each(Object.entries(plans))('%s: a box with title and number for each step, an arrow for each wait', (_, plan) => {
  const graph = graphOf(plan);
  const svg = drawn(plan);
  const boxes = classed(svg, 'step');
  const titles = boxes.map((box) => textOf(child(box, 'title')!));
  expect(titles.toSorted()).toEqual(graph.steps.map(({ title }) => title).toSorted());
  expect(classed(svg, 'number').map(textOf).toSorted()).toEqual(
    plan.steps.map((_, index) => String(index + 1)).toSorted(),
  );
  expect(classed(svg, 'edge').length).toBeGreaterThanOrEqual(plan.kind === 'prune' ? 9 : plan.steps.length - 2);
  expect(classed(svg, 'line')).toHaveLength(plan.pointOfNoReturn === undefined ? 0 : 1);
});

test('it stands alone, and says in words what it shows', () => {
  const text = svgOf(graphOf(plans.restore));
  const svg = parseXml(text);
  expect(svg.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'plan-title plan-steps' });
  expect(textOf(child(svg, 'title')!)).toBe('Restore of demo to 2026-11-21t0930z');
  const words = textOf(child(svg, 'desc')!).split('\n');
  expect(words).toHaveLength(1 + plans.restore.steps.length + 1);
  expect(words[words.indexOf('Point of no return.') + 1]).toBe(
    'quarantine volume demo_es-data, after fence before data moves.',
  );
  expect(words).toContain(
    'start service elasticsearch, after quarantine volume demo_es-data and quarantine volume demo_zk-data and quarantine volume demo_zk-log.',
  );
  expect(text).toContain('prefers-color-scheme:dark');
  expect(text).not.toMatch(/<script|<image|<foreignObject|href=|@import|url\((?!#arrow)/);
  expect(Buffer.byteLength(text)).toBeLessThan(25_000);
});

test('a run: each step has a mark and words of its own, so that colour is not the only sign', () => {
  const statuses = ['waiting', 'running', 'done', 'failed', 'skipped', 'undone'] as const;
  const states = statesOf(plans.backup, (index) => statuses[index]!, 'The cluster is red: "shard 0" < 1 & more');
  const svg = drawn(plans.backup, states);
  expect(classed(svg, 'number')).toEqual([]);
  const marks = statuses.map((status) => {
    const [box] = classed(svg, status);
    return { mark: child(box, 'path')?.attributes['d'], words: textOf(elementsOf(box!, 'text').at(-1)!) };
  });
  expect(new Set(marks.map(({ mark }) => mark)).size).toBe(6);
  expect(marks.map(({ words }) => words)).toEqual([
    'waiting',
    'running since 10:30:00 UTC',
    'done in 2.1 s',
    expect.stringMatching(/^failed: The cluster .*…$/),
    'skipped',
    'undone',
  ]);
  // What does not fit is in the tooltip, and read aloud.
  expect(textOf(child(classed(svg, 'failed')[0], 'title')!)).toContain('"shard 0" < 1 & more');
});

test('what moves data is marked, and so is what may run on either side of the line; the legend says what that means', () => {
  const legendOf = (svg: XmlElement) => classed(svg, 'small').map(textOf);
  const restore = drawn(plans.restore);
  expect(classed(restore, 'moves')).toHaveLength(3);
  expect(legendOf(restore)).toContain('removes data from where its service looks for it');
  expect(legendOf(drawn(plans.backup))).not.toContain('removes data from where its service looks for it');
  const steps = [step('a'), step('aside', ['a']), step('moves', ['a'], { destructive: true })];
  const either = drawn(planWith(steps, 'moves'));
  expect(classed(either, 'either')).toHaveLength(2);
  expect(legendOf(either)).toContain('may run before or after the point of no return');
});

test.each(hostile)('a name that is %j stays text', (name) => {
  const plan = { ...planWith([step('a', [], { store: name })]), platform: name };
  const svg = drawn(
    plan,
    statesOf(plan, () => 'failed', name),
  );
  expect(new Set(elementsOf(svg, 'g').map(({ attributes }) => attributes['class']))).toEqual(
    new Set([undefined, 'step failed']),
  );
  if (!/[\p{Cc}\p{Surrogate}\u2028\ufffe\uffff]/u.test(name))
    expect(textOf(child(svg, 'title')!)).toContain(name.trim());
});

test('any plan is well-formed XML, to the right as well', () => {
  fc.assert(
    fc.property(anyPlan, fc.constantFrom('down' as const, 'right' as const), (plan, direction) => {
      const svg = parseXml(svgOf(graphOf(plan), { direction }));
      expect(classed(svg, 'step')).toHaveLength(plan.steps.length);
    }),
    { numRuns: 40 },
  );
});

test('a prune that has nothing to remove is a picture without steps', () => {
  const svg = drawn({ ...plans.prune, steps: [] });
  expect(classed(svg, 'step')).toEqual([]);
  expect(classed(svg, 'small').map(textOf)).toEqual(['0 steps on machine, plan 01234567']);
});

test('200 steps are all drawn', () => {
  expect(classed(drawn(largePlan()), 'step')).toHaveLength(200);
});
