import type { DeploymentCapture } from '../../../domain/deployment.ts';
import { captureFor } from '../../../domain/deployment-hosts.ts';
import { Failure } from '../../../domain/failures.ts';
import type { Platform } from '../../../domain/platform.ts';
import { placesIn, withPlaces, type SwarmPlaces } from '../../../domain/swarm-places.ts';
import { answer } from '../../../operations/hosts/answers.ts';
import { captureEverywhere } from '../../../operations/hosts/capture-everywhere.ts';
import { otherHosts } from '../../../operations/hosts/observe-here.ts';
import { observeHosts } from '../../../operations/hosts/observe-hosts.ts';
import { placedBy, placeOnNodes } from '../../../operations/hosts/place-on-nodes.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { isDataMoved, readQuarantine, releaseQuarantine } from '../../../operations/quarantine/quarantine.ts';
import { findGone } from '../../../operations/services/find-gone.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { generateKey } from '../../../systems/encryption/age.ts';
import { memoryStorage } from '../../memory-storage.ts';
import {
  observedByManager,
  observedByNode,
  placesOfDemo,
  swarmPlatform,
  swarmSituation,
} from '../../swarm-situation.ts';
import { quarantines } from '../../fake-quarantines.ts';

// A swarm in memory: the manager "machine" knows the services, the node "other" carries ZooKeeper's volumes. The node is asked
// directly, and its engine refuses what only a manager knows.

const owner = { platform: 'demo', run: 'restore/demo/1', execution: '0199a1b2-0000' };

async function setUp() {
  const { identity } = await generateKey();
  const storage = memoryStorage();
  const asked: string[] = [];
  const engines = { machine: manager(), other: node() };
  const opened = (
    host: 'machine' | 'other',
    platform: Platform,
    ask: (places: { places?: SwarmPlaces }) => OpenPlatform['ask'],
  ): OpenPlatform =>
    ({
      platform,
      fileHash: 'f',
      host,
      docker: engines[host].docker,
      catalogue: openCatalogue(storage, 'demo'),
      identity: () => Promise.resolve(identity),
      elasticsearch: () => Promise.reject(new Failure('ElasticsearchUnreachable', { message: 'none', remedy: '' })),
      ask: ask(placesIn(platform)),
      place: (places: SwarmPlaces | undefined) => opened(host, withPlaces(swarmPlatform(), places), ask),
    }) as unknown as OpenPlatform;
  const noAsking = () => () => Promise.reject(new Error('only the manager asks'));
  const ask = ({ places }: { places?: SwarmPlaces }) =>
    ((_host: string, question: string, input: unknown) => {
      asked.push(question);
      const json = JSON.parse(JSON.stringify(input)) as unknown;
      const there = opened('other', swarmPlatform(), noAsking);
      const open = there.place(places ?? { main: 'machine', services: {} }, 'other');
      return answer(open, question, json, {}).then((said) => JSON.parse(JSON.stringify(said)) as unknown);
    }) as OpenPlatform['ask'];
  return { main: opened('machine', swarmPlatform(), ask), engines, asked };
}

function manager() {
  const state = { observed: observedByManager(), ...aside() };
  const docker = {
    observe: () => Promise.resolve(structuredClone(state.observed)),
    capture: () => Promise.resolve(captured('machine')),
    readConfiguration: () => Promise.resolve(undefined),
    ...quarantines(state, () => state.observed),
  };
  return { docker, state };
}

function node() {
  const state = { observed: observedByNode(), ...aside(), askedFor: [] as string[][] };
  const noManager = () => Promise.reject(new Error('this engine is no manager'));
  const docker = {
    observe: noManager,
    capture: noManager,
    serviceContainers: noManager,
    observeNode: ({ volumes }: { volumes: string[] }) => {
      state.askedFor.push(volumes);
      const there = structuredClone(state.observed);
      return Promise.resolve({ ...there, volumes: there.volumes.filter(({ name }) => volumes.includes(name)) });
    },
    captureNode: ({ volumes }: { volumes: string[] }) =>
      Promise.resolve({
        ...captured('other'),
        containers: [],
        volumes: volumes.map((name) => ({ name, host: 'other', create: { Labels: { keep: name } } })),
      }),
    readConfiguration: () => Promise.resolve(undefined),
    ...quarantines(state, () => state.observed),
  };
  return { docker, state };
}

const aside = () => ({ aside: [] as string[] });

function captured(host: string): DeploymentCapture {
  const { containers } = swarmSituation().capture;
  return {
    version: 1,
    takenAt: '2026-11-21T09:30:00Z',
    host,
    project: 'swarm/demo',
    containers: containers.map(({ host: _, ...one }) => ({ ...one, create: {} })),
    networks: [{ name: 'demo_back', create: {} }],
    volumes: [{ name: 'demo_es-data', host, create: {} }],
    files: [],
  };
}

test('a manager finds the nodes of the data by the history of tasks', async () => {
  const { main } = await setUp();
  const placed = await placeOnNodes(main);
  expect(placesIn(placed.platform)).toEqual({ places: placesOfDemo });
  expect(otherHosts(placed)).toEqual(['other']);
});

test('what the manager does not say hinders only who asks for other nodes', async () => {
  const { main, engines } = await setUp();
  const down = new Failure('DockerUnreachable', { message: 'no engine', remedy: 'Start it' });
  Object.assign(engines.machine.docker, { observe: () => Promise.reject(down) });
  const placed = await placeOnNodes(main);
  expect(placed.platform).toEqual(main.platform);
  await expect(releaseQuarantine(placed, owner, {})).rejects.toBe(down);
});

test('services come from the manager, volumes from their nodes', async () => {
  const { main, engines } = await setUp();
  const { observed } = await observeHosts(await placeOnNodes(main));
  expect(engines.other.state.askedFor).toEqual([['demo_zk-data', 'demo_zk-log']]);
  expect(observed.volumes.filter(({ host }) => host === 'other').map(({ name }) => name)).toEqual([
    'demo_zk-data',
    'demo_zk-log',
  ]);
  expect(observed.containers.filter(({ host }) => host === 'other').map(({ name }) => name)).toEqual([
    'service:demo_zookeeper',
  ]);
});

test('of a service that is gone, the capture says which node to ask for which volumes', async () => {
  const { main, engines } = await setUp();
  const { observed } = engines.machine.state;
  observed.containers = [];
  Object.assign(observed.swarm ?? {}, { lastNodes: {}, constraints: {} });
  const placed = await placeOnNodes(main);
  expect(otherHosts(placed)).toEqual([]);
  const { capture } = swarmSituation();
  for (const one of capture.containers)
    one.needs = { secrets: [], configs: [], constraints: [`node.labels.${one.service}==true`] };
  const again = placedBy(placed, await placed.docker.observe(placed.platform.deployment, 'machine'), capture);
  expect(otherHosts(again)).toEqual(['other']);
  const seen = await observeHosts(again, { capture });
  expect(seen.observed.volumes.filter(({ host }) => host === 'other')).toHaveLength(2);
});

test('one capture holds the specs of the manager and the volumes of every node, each with its node', async () => {
  const { main, asked } = await setUp();
  const placed = await placeOnNodes(main);
  const capture = await captureEverywhere(placed, 'backup/demo/1~0199a1b2');
  expect(asked).toEqual(['capture']);
  expect(capture.volumes.map(({ name, host }) => `${name} ${host}`)).toEqual([
    'demo_es-data machine',
    'demo_zk-data other',
    'demo_zk-log other',
  ]);
  expect(capture.containers.find(({ service }) => service === 'zookeeper')?.host).toBe('other');
  // The manager creates every service, and only the volumes of its own node.
  const own = captureFor(placed.platform, capture, 'machine');
  expect(own.containers).toEqual(capture.containers);
  expect(own.volumes.map(({ name }) => name)).toEqual(['demo_es-data']);
});

test('the quarantine is found where the run set it aside, wherever the service lies by now', async () => {
  const { main, engines } = await setUp();
  engines.other.state.aside = ['demo_zk-data'];
  // The label is on the manager by now, and so is the service.
  Object.assign(engines.machine.state.observed.swarm ?? {}, {
    lastNodes: { 'service:demo_zookeeper': 'n1' },
    constraints: { 'service:demo_zookeeper': ['node.role==manager'] },
  });
  const placed = await placeOnNodes(main);
  expect(otherHosts(placed)).toEqual([]);
  const input = { ...owner, image: 'stack/elasticsearch:1', images: { other: 'stack/zookeeper:1' } };
  expect(await readQuarantine(placed, input, {})).toMatchObject({ volumes: ['demo_zk-data on other'] });
  expect(await isDataMoved(placed, { ...input, volumes: [] }, {})).toBe(true);
  await releaseQuarantine(placed, input, {});
  expect(engines.other.state.aside).toEqual([]);
});

test('a volume that somebody removed on a node is missed there', async () => {
  const { main } = await setUp();
  const placed = await placeOnNodes(main);
  const made = { platform: 'demo', services: [], volumes: [] };
  expect(await findGone(placed, { ...made, volumesElsewhere: { other: ['demo_zk-data'] } })).toEqual({
    steps: [],
    data: false,
  });
  expect(await findGone(placed, { ...made, volumesElsewhere: { other: ['demo_gone'] } })).toMatchObject({ data: true });
});
