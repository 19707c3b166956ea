import { earlierSteps, madeBy, stepsToRepeat } from '../../../domain/runs/repeat.ts';
import { planOf } from './plan-queries.ts';

const plan = planOf();
const step = (id: string) => plan.steps.find((one) => one.id === id)!;
const repeated = (from: string, steps: string[], data: boolean) =>
  stepsToRepeat(earlierSteps(plan, step(from)), { steps, data }).map(({ id }) => id);

test('with its data there, a container is made anew and reached again; what it holds stays', () => {
  expect(repeated('verify-documents', ['start-elasticsearch'], false)).toEqual([
    'start-elasticsearch',
    'await-documents',
    'repository-documents',
  ]);
});

test('with its data gone, all that went into it is done again, and nothing of other services', () => {
  expect(repeated('verify-documents', ['start-elasticsearch'], true)).toEqual([
    'start-elasticsearch',
    'await-documents',
    'repository-documents',
    'raise-throttles-documents',
    'verify-snapshot-documents',
    'fence-before-indices-are-restored',
    'restore-documents',
  ]);
});

test('nothing gone, nothing to repeat', () => {
  expect(repeated('start-api', [], false)).toEqual([]);
});

test('what the engine is asked about: containers that were started, volumes of the plan', () => {
  const made = madeBy(plan, earlierSteps(plan, step('start-api')));
  expect(made.services.map(({ step: id }) => id).toSorted()).toEqual(['start-elasticsearch', 'start-zookeeper']);
  expect(made.volumes).toContain('demo_es-data');
});
