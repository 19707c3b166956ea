import { placeOfDeployment } from '../../../domain/deployment-place.ts';
import { mayRunOn } from '../../../domain/placement.ts';
import type { Platform, SwarmDeployment } from '../../../domain/platform.ts';
import { sharedPlace } from '../../../domain/shared-places.ts';
import { namedServices, serviceOfUnit, swarmNameOf, unitOf, type SwarmNode } from '../../../domain/swarm.ts';
import { demoPlatform } from '../../demo-situation.ts';

const deployment = (change: Partial<SwarmDeployment> = {}): SwarmDeployment => {
  const { project: _, ...rules } = demoPlatform().deployment;
  return { ...rules, kind: 'swarm', secrets: {}, ...change };
};

test.each([
  [{ stack: 'db' }, 'es', 'db_es'],
  [{ stack: 'db' }, 'nuvla/api', 'nuvla_api'],
  [{}, 'db_es', 'db_es'],
])('with %j, the service "%s" is %s', (stack, service, name) => {
  expect(swarmNameOf(stack, service)).toBe(name);
});

test('a unit is no name of a container', () => {
  expect(serviceOfUnit(unitOf('db_es'))).toBe('db_es');
  expect(serviceOfUnit('db_es.1.abc')).toBeUndefined();
});

test('a platform is known by its stack, else by its first service', () => {
  expect(placeOfDeployment(deployment({ stack: 'db' }))).toBe('swarm/db');
  expect(placeOfDeployment(deployment({ data: ['db_es'] }))).toBe('swarm/db_es');
});

test('two platforms that name one service of a swarm share it, whatever each calls it', () => {
  const platform = (one: SwarmDeployment): Platform => ({ ...demoPlatform(), stores: [], deployment: one });
  const one = platform(deployment({ stack: 'db', data: ['es'], core: [] }));
  const other = platform(deployment({ data: ['db_es'], core: [] }));
  const another = platform(deployment({ data: ['db_pg'], core: [] }));
  expect(sharedPlace(one, other, 'here')).toBe('the Swarm services db_es on the host "here"');
  expect(sharedPlace(one, another, 'here')).toBeUndefined();
  expect([...namedServices(one.deployment as SwarmDeployment).keys()]).toEqual(['db_es']);
});

const node: SwarmNode = {
  id: 'n1',
  hostname: 'alpha',
  role: 'manager',
  labels: { 'worker-db': 'true' },
  engineLabels: {},
  platform: { os: 'linux', arch: 'x86_64' },
  usable: true,
};

test.each<[string[], boolean]>([
  [[], true],
  [['node.labels.worker-db == true'], true],
  [['node.labels.worker-db==TRUE', 'node.role!=worker'], true],
  [['node.labels.worker-db==false'], false],
  [['node.labels.other==yes'], false],
  [['node.labels.other!=yes'], true],
  [['node.hostname==beta'], false],
  [['node.something.new==1'], true],
])('placement %j on a manager with the label: %s', (constraints, may) => {
  expect(mayRunOn(node, constraints)).toBe(may);
  expect(mayRunOn({ ...node, usable: false }, constraints)).toBe(false);
});
