import { unnamedChanges, type EngineInventory } from '../../../domain/engine-inventory.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { spreadSituation } from '../../spread-situation.ts';
import { before, stepOf } from './plan-queries.ts';

const engine = (): EngineInventory => ({
  host: 'a',
  containers: [
    { name: 'es', id: '1', running: true },
    { name: 'grafana', id: '2', running: true },
  ],
  volumes: [
    { name: 'es-data', createdAt: 't1' },
    { name: 'grafana-data', createdAt: 't1' },
  ],
  networks: [{ name: 'back', id: 'n1' }],
});
const named = { containers: ['es'], volumes: ['es-data'], networks: [] };

/** What is said when this was done to the engine between the two inventories. */
function after(change: (inventory: EngineInventory) => unknown): string[] {
  const now = engine();
  change(now);
  return unnamedChanges(engine(), now, named);
}

test('nothing changed, or only what the plan names', () => {
  expect(after(() => undefined)).toEqual([]);
  expect(
    after((now) => {
      now.containers[0] = { name: 'es', id: '9', running: false };
      now.volumes.shift();
    }),
  ).toEqual([]);
});

test.each<[string, (now: EngineInventory) => unknown]>([
  ['container grafana is gone', (now) => now.containers.pop()],
  ['container grafana was stopped', (now) => (now.containers[1]!.running = false)],
  ['container grafana was made anew', (now) => (now.containers[1]!.id = '7')],
  ['container newcomer is new', (now) => now.containers.push({ name: 'newcomer', id: '8', running: true })],
  [
    'container rekindle-helper was left by Rekindle',
    (now) => now.containers.push({ name: 'rekindle-helper', id: '8', running: false, own: true }),
  ],
  ['volume grafana-data is gone', (now) => now.volumes.pop()],
  ['volume grafana-data was made anew', (now) => (now.volumes[1]!.createdAt = 't2')],
  ['network back was made anew', (now) => (now.networks[0]!.id = 'n2')],
])('%s', (words, change) => {
  expect(after(change)).toEqual([words]);
});

test('a plan for several hosts names what it touches on each, and compares when all is healthy', () => {
  const plan = planRestore(spreadSituation());
  const { named } = stepOf(plan, 'compareEngines', 'compare-engines').arguments;
  expect(named['other']).toEqual({
    containers: ['demo_job-executor_1', 'demo_job-executor_2', 'demo_zookeeper_1'],
    volumes: ['demo_zk-data', 'demo_zk-log'],
    networks: [],
  });
  expect(named['machine']?.volumes).toEqual(['demo_es-data']);
  for (const id of ['confirm-health', 'confirm-health@other']) expect(before(plan, id, 'compare-engines')).toBe(true);
  expect(before(plan, 'compare-engines', 'repository-writable-documents')).toBe(true);
});
