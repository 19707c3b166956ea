import { inOrder } from '../../../domain/plans/plan.ts';
import { mostInOneRun, planPrune, type Removal } from '../../../domain/plans/plan-prune.ts';
import { describeStep } from '../../../domain/plans/describe-step.ts';
import { demoPlatform } from '../../demo-situation.ts';

const platform = demoPlatform();
const common = { platform, platformFileHash: 'f', host: 'machine', removals: [], halfRemoved: [], runs: [] };
const removals = (count: number): Removal[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    snapshots: { documents: `snapshot.p${index}` },
  }));

test('nothing to remove is a plan without steps', () => {
  expect(planPrune(common).steps).toEqual([]);
});

test('marker, snapshot, objects: each waits for the one before, and the repository is registered first', () => {
  const { steps, kind } = planPrune({ ...common, removals: removals(2) });
  expect(kind).toBe('prune');
  expect(inOrder(steps).map((step) => [step.id, describeStep(step), step.after])).toEqual([
    ['prepare-documents', 'prepare store documents', []],
    ['mark-1', 'mark deleting of 2 recovery points', ['prepare-documents']],
    ['snapshots-1-documents', 'delete snapshots documents (2)', ['mark-1']],
    ['remove-1', 'remove points of 2 recovery points', ['snapshots-1-documents']],
  ]);
  expect(steps.find(({ action }) => action === 'deleteSnapshots')?.arguments).toEqual({
    store: 'documents',
    snapshots: { p0: 'snapshot.p0', p1: 'snapshot.p1' },
  });
});

test('many points: lots of a hundred, one after the other; a plan has an end', () => {
  const { steps } = planPrune({ ...common, removals: removals(10_000) });
  const lots = steps.filter((step) => step.action === 'markDeleting');
  expect(lots).toHaveLength(mostInOneRun / 100);
  expect(lots[1]?.after).toEqual(['remove-1']);
  // Temporal refuses a payload above 2 MB.
  expect(JSON.stringify(steps).length).toBeLessThan(1_000_000);
});

test('remains of an earlier removal, and what runs kept, need no store', () => {
  const { steps } = planPrune({ ...common, halfRemoved: ['p7'], runs: ['restore/demo/1~0199a1b2'] });
  expect(steps.map(({ id, action, after }) => [id, action, after])).toEqual([
    ['remains-1', 'removePoints', []],
    ['run-objects', 'removeRunObjects', []],
  ]);
});

test('a point that holds nothing of a store asks nothing of it', () => {
  const { steps } = planPrune({ ...common, removals: [{ id: 'p1', snapshots: {} }] });
  expect(steps.map(({ action }) => action)).toEqual(['markDeleting', 'removePoints']);
});
