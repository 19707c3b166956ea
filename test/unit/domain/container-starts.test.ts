import { isServiceOf, restartedBetween, tasksEndedBetween } from '../../../domain/container-starts.ts';
import type { ContainerStart, EngineInventory } from '../../../domain/engine-inventory.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { swarmPlatform } from '../../swarm-situation.ts';

type Container = EngineInventory['containers'][number];

const started = (at: string, restarts = 0): ContainerStart => ({ at, restarts });

function engineWith(container: Partial<Container>): EngineInventory {
  const whole = { name: 'grafana', id: '1', running: true, start: started('2026-11-29T03:00:00Z'), ...container };
  return { host: 'a', containers: [whole], volumes: [], networks: [] };
}

const said = (then: Partial<Container>, now: Partial<Container>) =>
  restartedBetween(engineWith(then), engineWith(now)).map(({ words }) => words);

test.each<[string, Partial<Container>, string[]]>([
  ['as it was', {}, []],
  [
    'restarted by someone',
    { start: started('2026-11-29T03:01:00.5Z') },
    ['container grafana was restarted at 2026-11-29T03:01:00Z'],
  ],
  [
    'restarted by the engine',
    { start: started('2026-11-29T03:01:00Z', 1) },
    ['container grafana ended and was restarted by the engine once at 2026-11-29T03:01:00Z'],
  ],
  ['stopped: that shows by itself', { running: false, start: started('2026-11-29T03:01:00Z') }, []],
  ['made anew: so does that', { id: '2', start: started('2026-11-29T03:01:00Z') }, []],
  ['gone while it was asked', { start: undefined }, []],
  ['of Rekindle itself', { own: true, start: started('2026-11-29T03:01:00Z') }, []],
])('a container that is %s', (_what, now, words) => {
  expect(said(now.own ? { own: true } : {}, now)).toEqual(words);
});

test('one that was stopped, ran and has ended was used', () => {
  const now = { running: false, start: started('2026-11-29T03:01:00Z') };
  expect(said({ running: false }, now)).toEqual(['container grafana ran at 2026-11-29T03:01:00Z and has ended']);
});

test('an inventory of before starts were recorded says nothing', () => {
  expect(said({ start: undefined }, {})).toEqual([]);
});

test('tasks of a swarm that ended are counted by service; those that are new say nothing', () => {
  const of = (...tasks: [service: string, id: string][]) => ({
    ...engineWith({}),
    tasks: tasks.map(([service, id]) => ({ service, id })),
  });
  const before = of(['db_es', '1'], ['nuvla_api', '2'], ['nuvla_api', '3'], ['db_zk', '4']);
  const after = of(['db_es', '5'], ['db_zk', '4'], ['db_zk', '6']);
  expect(tasksEndedBetween(before, after)).toEqual([
    { service: 'db_es', words: 'service db_es lost a task' },
    { service: 'nuvla_api', words: 'service nuvla_api lost 2 tasks' },
  ]);
  expect(tasksEndedBetween(engineWith({}), after)).toEqual([]);
  const { deployment } = swarmPlatform();
  expect([isServiceOf(deployment, 'demo_api'), isServiceOf(deployment, 'other_api')]).toEqual([true, false]);
});

test('the services that the platform file names are its own, with the project or without', () => {
  const { deployment } = demoPlatform();
  const named = { ...deployment, alsoStop: ['tools/exporter'] };
  for (const service of ['demo/api', 'demo/zookeeper', 'tools/exporter'])
    expect(isServiceOf(named, service)).toBe(true);
  for (const service of ['other/api', 'demo/grafana', undefined]) expect(isServiceOf(named, service)).toBe(false);
});
