import type { RestoreSituation } from '../../../domain/plans/plan-restore.ts';
import type { ContainerStore } from '../../../domain/stores.ts';
import type { ObservedSwarm } from '../../../domain/swarm.ts';
import { checkSwarm } from '../../../operations/preflight/swarm.ts';
import { demoSituation } from '../../demo-situation.ts';

const node = {
  id: 'n1',
  hostname: 'alpha',
  role: 'manager',
  labels: { db: 'true' },
  engineLabels: {},
  platform: { os: 'linux', arch: 'x86_64' },
  usable: true,
};

const swarm = (change: Partial<ObservedSwarm> = {}): ObservedSwarm => ({
  secrets: [],
  configs: [],
  nodes: [node, { ...node, id: 'n2', hostname: 'beta', labels: {} }],
  thisNode: 'n1',
  notAttachable: [],
  lastNodes: {},
  workerInContainer: false,
  workerNetworks: [],
  constraints: {},
  ...change,
});

/** Everything of the services is gone but what `observed` says. */
function situation(observed: ObservedSwarm, secrets: Record<string, { file: string }> = {}): RestoreSituation {
  const made = demoSituation();
  const { project: _, ...rules } = made.platform.deployment as RestoreSituation['platform']['deployment'] & {
    project?: string;
  };
  const needs = { secrets: ['key', 'token'], configs: ['settings'], constraints: ['node.labels.db==true'] };
  return {
    ...made,
    platform: { ...made.platform, deployment: { ...rules, kind: 'swarm', secrets } as never },
    observed: { ...made.observed, containers: [], volumes: [], networks: [], swarm: observed },
    capture: { ...made.capture, containers: made.capture.containers.map((one) => ({ ...one, needs })) },
  };
}

test('a platform of Compose has no such check', () => {
  expect(checkSwarm(demoSituation())).toBeUndefined();
});

test('secrets and configs that are nowhere are all named, with who needs them', () => {
  const check = checkSwarm(situation(swarm({ secrets: ['key'] })));
  expect(check).toMatchObject({ verdict: 'fail' });
  expect(check?.evidence).toMatch(/lacks the secrets token \(of .*\); Neither .* the configs settings \(of /);
  expect(check?.remedy).toMatch(/docker secret create token FILE.*docker config create settings FILE/);
});

test('what the platform file gives, and what the capture holds, is not missing', () => {
  const made = situation(swarm({ secrets: ['key'] }), { token: { file: '/t' } });
  expect(checkSwarm({ ...made, capture: { ...made.capture, configs: ['settings'] } })).toMatchObject({
    verdict: 'pass',
  });
});

const complete = { secrets: ['key', 'token'], configs: ['settings'] };

test('a service that no node may run is found, and so is a drained node', () => {
  const drained = swarm({ ...complete, nodes: [{ ...node, usable: false }] });
  expect(checkSwarm(situation(drained))?.evidence).toMatch(/No node .* \(node\.labels\.db==true\)/);
  expect(
    checkSwarm(situation(swarm({ ...complete, constraints: { 'service:db_zk': ['node.labels.x==y'] } }))),
  ).toMatchObject({
    verdict: 'fail',
  });
});

/** The services of the demo with these names are there, with their mounts. */
function there(made: RestoreSituation, constraints: string[], change: Partial<ObservedSwarm> = {}): RestoreSituation {
  const capture = made.capture.containers.map((one) => ({
    ...one,
    name: `service:${one.service}`,
    needs: { secrets: [], configs: [], constraints },
  }));
  return {
    ...made,
    observed: { ...made.observed, swarm: swarm({ ...complete, ...change }) },
    capture: { ...made.capture, containers: capture },
  };
}

test('data on another node is no hindrance, and the check says where it lies; a queue must reach its documents', () => {
  const made = there(situation(swarm()), ['node.labels.db==true'], {
    constraints: { 'service:zookeeper': ['node.hostname==beta'] },
    lastNodes: { 'service:zookeeper': 'n2', 'service:elasticsearch': 'n1' },
  });
  expect(checkSwarm(made)).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringMatching(/^The queue ".*" on beta reads its jobs from ".*" on \S+, which cannot/) as string,
    remedy: expect.stringContaining('Pin both to one node') as string,
  });
  const stores = made.platform.stores.map((store) =>
    store.kind === 'elasticsearch' ? { ...store, address: 'alpha:9200' } : store,
  );
  expect(checkSwarm({ ...made, platform: { ...made.platform, stores } })).toMatchObject({
    verdict: 'pass',
    evidence: expect.stringMatching(/data lies on several nodes: .*zookeeper on beta/) as string,
  });
});

test('data that Swarm may start without on another node is refused, with the command that pins it', () => {
  const check = checkSwarm(there(situation(swarm()), []));
  expect(check?.verdict).toBe('fail');
  expect(check?.evidence).toContain('Swarm may start elasticsearch on any of');
  expect(check?.remedy).toMatch(/docker service update --constraint-add node\.hostname==\S+ elasticsearch/);
});

test('a service that runs on several nodes has data on each, which no plan can name', () => {
  const check = checkSwarm(
    there(situation(swarm()), ['node.labels.db==true'], { alsoOn: { 'service:elasticsearch': ['n1', 'n2'] } }),
  );
  expect(check?.evidence).toMatch(/elasticsearch runs on several nodes \(\S+, beta\)/);
});

test('after the loss of a node its data starts anew where the label is now, which is a warning', () => {
  const check = checkSwarm(
    there(situation(swarm()), ['node.labels.db==true'], { lastNodes: { 'service:elasticsearch': 'gone' } }),
  );
  expect(check).toMatchObject({
    verdict: 'pass',
    warning: true,
    evidence: expect.stringContaining('the data of elasticsearch lay on gone and starts anew on') as string,
  });
});

test('a network that no container can join hinders a worker in a container, not one on the host', () => {
  const [network = ''] = demoSituation().capture.networks;
  const closed = { ...complete, notAttachable: [network] };
  expect(checkSwarm(situation(swarm(closed)))).toMatchObject({ verdict: 'pass' });
  const inside = checkSwarm(situation(swarm({ ...closed, workerInContainer: true, workerNetworks: ['bridge'] })));
  expect(inside?.evidence).toContain(`The overlay network ${network} is not attachable`);
  expect(inside?.remedy).toContain('--attachable');
  const joined = swarm({ ...closed, workerInContainer: true, workerNetworks: [network] });
  expect(checkSwarm(situation(joined))).toMatchObject({ verdict: 'pass' });
});

test('a side container is refused on a network that is not attachable, wherever the worker runs', () => {
  const [network = ''] = demoSituation().capture.networks;
  const made = situation(swarm({ ...complete, notAttachable: [network] }));
  const side: ContainerStore = {
    name: 'jobs',
    kind: 'container',
    service: 'zookeeper',
    image: 'nuvla/job:5.1.4',
    arguments: [],
    environment: {},
    timeoutSeconds: 60,
  };
  const stores = [...made.platform.stores.filter(({ kind }) => kind !== 'zookeeper-queue'), side];
  const check = checkSwarm({ ...made, platform: { ...made.platform, stores } });
  expect(check?.evidence).toBe(
    `The overlay network ${network} is not attachable, so no container of Rekindle can join it`,
  );
  expect(check?.remedy).toContain(`docker network create --driver overlay --attachable ${network}`);
});
