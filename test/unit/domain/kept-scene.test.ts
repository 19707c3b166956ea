import { checkKept, insideOf, type KeptScene } from '../../../domain/drills/kept.ts';
import type { EngineInventory } from '../../../domain/engine-inventory.ts';
import { keptDrillOf } from '../../drill-situation.ts';

const { scene, plan } = keptDrillOf();
const { project } = scene;
const engine: EngineInventory = {
  host: 'machine',
  containers: [
    { name: `${project}-elasticsearch`, id: 'a', running: false },
    { name: 'demo_elasticsearch_1', id: 'b', running: true },
  ],
  volumes: [
    { name: `${project}_es-data`, createdAt: '2026-11-29' },
    { name: 'demo_es-data', createdAt: '2026-11-01' },
  ],
  networks: [],
};
const kept: KeptScene = {
  scene,
  recoveryPoint: 'a-point',
  until: '2026-11-30T00:00:00Z',
  inside: insideOf(scene, engine),
};
const check = (now: EngineInventory) => checkKept('drill/demo/1', kept, now);

test('only what bears the name of the scene is in it', () => {
  expect(kept.inside.containers.map(({ name }) => name)).toEqual([`${project}-elasticsearch`]);
  expect(kept.inside.volumes.map(({ name }) => name)).toEqual([`${project}_es-data`]);
});

test('what others change on the engine does not matter', () => {
  expect(check({ ...engine, containers: engine.containers.slice(0, 1) })).toMatchObject({ verdict: 'pass' });
});

test.each<[string, Partial<EngineInventory>]>([
  ['started', { containers: [{ name: `${project}-elasticsearch`, id: 'a', running: true }] }],
  ['made anew', { volumes: [{ name: `${project}_es-data`, createdAt: '2026-11-30' }] }],
  ['gone', { volumes: [] }],
  ['joined by another', { containers: [...engine.containers, { name: `${project}-other`, id: 'c', running: false }] }],
])('a scene in which something was %s is refused', (_, change) => {
  expect(check({ ...engine, ...change })).toMatchObject({
    name: 'promoted drill',
    verdict: 'fail',
    evidence: expect.stringContaining(project) as string,
    remedy: expect.stringContaining('--beside') as string,
  });
});

test('the drill restores primary stores alone, stops them gently once proven, keeps the scene, and closes it last', () => {
  const actions = plan.steps.map(({ action }) => action);
  expect(actions).not.toContain('rebuildQueue');
  expect(actions).not.toContain('smokeCheck');
  const at = (action: (typeof actions)[number]) => actions.indexOf(action);
  expect(at('leaveScene')).toBeGreaterThan(at('verifyIndices'));
  expect(at('keepScene')).toBeGreaterThan(at('leaveScene'));
  expect(at('closeScene')).toBeGreaterThan(at('keepScene'));
  expect(plan.steps.find(({ action }) => action === 'stopService')?.arguments).toMatchObject({ gently: true });
});
