import type { CaptureOutline } from '../../../domain/deployment.ts';
import type { SwarmDeployment } from '../../../domain/platform.ts';
import {
  placementsOf,
  placesIn,
  placesOn,
  samePlaces,
  withPlaces,
  type Placement,
} from '../../../domain/swarm-places.ts';
import type { ObservedSwarm, SwarmNode } from '../../../domain/swarm.ts';
import { swarmPlatform } from '../../swarm-situation.ts';

const node = (id: string, hostname: string, change: Partial<SwarmNode> = {}): SwarmNode => ({
  id,
  hostname,
  role: 'worker',
  labels: {},
  engineLabels: {},
  platform: { os: 'linux', arch: 'x86_64' },
  usable: true,
  ...change,
});
const alpha = node('n1', 'alpha', { role: 'manager' });
const beta = node('n2', 'beta', { labels: { zk: 'true' } });
const gamma = node('n3', 'gamma', { labels: { spare: 'true' } });

const pinned = ['node.labels.zk==true'];
const swarm = (change: Partial<ObservedSwarm> = {}): ObservedSwarm => ({
  secrets: [],
  configs: [],
  nodes: [alpha, beta, gamma],
  thisNode: 'n1',
  notAttachable: [],
  lastNodes: { 'service:db_zk': 'n2' },
  workerInContainer: false,
  workerNetworks: [],
  constraints: { 'service:db_zk': pinned },
  ...change,
});

const deployment = { ...swarmPlatform().deployment, stack: 'db', data: ['zk'], core: [] } as unknown as SwarmDeployment;

function placed(change: Partial<ObservedSwarm> = {}, capture?: CaptureOutline): Placement | undefined {
  return placementsOf({ deployment, host: 'machine', swarm: swarm(change), capture })[0];
}

const captured = (host: string, constraints: string[]): CaptureOutline =>
  ({
    containers: [{ name: 'service:db_zk', service: 'zk', volumes: ['db_zkdata'], host, needs: { constraints } }],
    networks: [],
    volumes: [{ name: 'db_zkdata', host }],
  }) as unknown as CaptureOutline;

const gone = { lastNodes: {}, constraints: {} };

test.each<[string, Partial<ObservedSwarm>, CaptureOutline | undefined, Partial<Placement> | undefined]>([
  ['the node that ran the newest task', {}, undefined, { host: 'beta' }],
  [
    'this node goes by the name of its worker',
    { lastNodes: { 'service:db_zk': 'n1' }, constraints: { 'service:db_zk': ['node.role==manager'] } },
    undefined,
    { host: 'machine' },
  ],
  [
    'the node is lost, and the label is on another one',
    { nodes: [alpha, { ...gamma, labels: { zk: 'true' } }] },
    undefined,
    { host: 'gamma', from: 'n2' },
  ],
  [
    'the node is drained, and another one has the label',
    { nodes: [alpha, { ...beta, usable: false }, { ...gamma, labels: { zk: 'true' } }] },
    undefined,
    { host: 'gamma', from: 'beta' },
  ],
  ['no node may run it: preflight says so', { nodes: [alpha, gamma] }, undefined, { host: 'machine' }],
  [
    'nothing pins it',
    { constraints: { 'service:db_zk': [] } },
    undefined,
    { host: 'beta', among: ['machine', 'beta', 'gamma'] },
  ],
  [
    'it runs on several',
    { alsoOn: { 'service:db_zk': ['n1', 'n2'] } },
    undefined,
    { host: 'beta', on: ['machine', 'beta'] },
  ],
  ['it is gone, and the capture knows its node', gone, captured('beta', pinned), { host: 'beta' }],
  ['it is gone, and its node with it', gone, captured('old-beta', pinned), { host: 'beta', from: 'old-beta' }],
  ['it was captured on the manager', gone, captured('machine', ['node.role==manager']), { host: 'machine' }],
  ['nothing is known of it', gone, undefined, undefined],
])('%s', (_what, change, capture, expected) => {
  const placement = placed(change, capture);
  expect(placement).toEqual(expected && { service: 'zk', unit: 'service:db_zk', ...expected });
});

test('a platform whose data lies on the manager alone is one of a single host', () => {
  const places = placesOn([{ service: 'zk', unit: 'service:db_zk', host: 'machine' }], 'machine');
  expect(places).toBeUndefined();
  const platform = swarmPlatform();
  expect(withPlaces(platform, undefined)).toEqual(platform);
  expect(placesIn(platform)).toEqual({});
});

test('what is placed says where, and forgets it again', () => {
  const places = { main: 'machine', services: { zookeeper: 'beta' } };
  const platform = withPlaces(swarmPlatform(), places);
  expect(placesIn(platform)).toEqual({ places });
  expect(samePlaces(places, { main: 'machine', services: { zookeeper: 'gamma' } })).toBe(false);
  expect(placesIn(withPlaces(platform, undefined))).toEqual({});
});
