import type { Failure } from '../../../domain/failures.ts';
import { connectDocker, type DockerEngine } from '../../../systems/docker/engine.ts';
import { startSwarmEngine, type SwarmEngine } from '../../swarm-engine.ts';
import { inspected, previousSpecs, runningTasks } from '../../swarm-inspect.ts';
import { deploy, deployment, image, units } from './stack.ts';

let swarm: SwarmEngine;
let engine: DockerEngine;
const limits = { timeoutSeconds: 40, settleSeconds: 1 };

beforeAll(async () => {
  swarm = await startSwarmEngine([image]);
  engine = connectDocker({ host: swarm.host });
  await swarm.cli(['node', 'update', '--label-add', 'db=true', (await swarm.cli(['node', 'ls', '-q'])).trim()]);
  await swarm.cli(['secret', 'create', 'token', '-'], 'secret');
  await swarm.cli(['config', 'create', '--label', 'a=b', 'settings', '-'], 'colour=blue');
  await swarm.cli(['network', 'create', '--driver', 'overlay', '--attachable', '--label', 'kept=yes', 'back']);
  await deploy(swarm);
  await engine.awaitHealthy(units, limits);
}, 120_000);
afterAll(() => swarm.end(), 60_000);

async function references() {
  const { containers } = await engine.observe(deployment, 'here');
  return containers.map(({ name, restartPolicy, replicas }) => ({
    name,
    restartPolicy,
    ...(replicas !== undefined && { replicas }),
  }));
}

test('services are observed as a whole: scale, mounts, networks, and where their data lies', async () => {
  const { containers, volumes, networks, swarm: seen } = await engine.observe(deployment, 'here');
  expect(containers.map(({ name, service, replicas, running }) => ({ name, service, replicas, running }))).toEqual([
    { name: 'service:shop_agent', service: 'agent', replicas: undefined, running: true },
    { name: 'service:shop_db', service: 'db', replicas: 1, running: true },
    { name: 'service:shop_worker', service: 'worker', replicas: 2, running: true },
  ]);
  expect(containers[1]).toMatchObject({
    volumes: ['shop_data'],
    mounts: [{ type: 'volume', source: 'shop_data', destination: '/data', readOnly: false }],
    networks: ['back', 'shop_side'],
  });
  expect(volumes).toMatchObject([
    { name: 'shop_data', driver: 'local', hasOptions: false, usedBy: ['service:shop_db'] },
  ]);
  expect(networks.map(({ name }) => name)).toEqual(['back', 'shop_side']);
  expect(seen).toMatchObject({
    secrets: ['token'],
    configs: ['settings'],
    notAttachable: ['ingress', 'shop_side'],
    workerInContainer: false,
  });
  expect(seen?.lastNodes).toEqual({ 'service:shop_db': seen?.thisNode });
});

test('a stack is surveyed as init wants it: names without the stack, what can be asked, and no secret', async () => {
  const { services, others, nameless } = await engine.survey({ kind: 'swarm', stack: 'shop' });
  expect(services.map(({ service, running }) => [service, running])).toEqual([
    ['agent', true],
    ['db', true],
    ['worker', true],
  ]);
  expect(services[1]).toMatchObject({
    container: 'service:shop_db',
    image: expect.stringContaining(image) as string,
    variables: ['TOKEN'],
    settings: {},
    mounts: ['/data'],
    volumes: [{ type: 'volume', source: 'shop_data', path: '/data' }],
    secretFiles: { token: undefined },
    networks: ['back', 'shop_side'],
  });
  expect([others, nameless]).toEqual([[], []]);
  const elsewhere = await engine.survey({ kind: 'swarm', stack: 'other' });
  expect([elsewhere.services, elsewhere.others.map(({ service }) => service)]).toEqual([
    [],
    ['shop/agent', 'shop/db', 'shop/worker'],
  ]);
});

test('what listens in a task is reached though nothing is published, and a command runs inside of it', async () => {
  const [container] = await engine.serviceContainers(deployment, 'db');
  const { host, port } = await engine.reach(container?.name ?? '', 7000);
  const answer = await fetch(`http://${host}:${port}`).catch((error: unknown) => String((error as Error).cause));
  expect(answer).toMatch(/Parse Error|HTTP/);
  expect(await engine.exec('service:shop_db', ['cat', '/run/secrets/the_token', '/etc/settings.conf'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^secret.*colour=blue$/s) as string,
  });
  expect((await engine.readConfiguration('service:shop_db'))?.environment).toMatchObject({ TOKEN: 'a b' });
});

test('stopped, no task is left; started again, each service is what it was, and a rollback changes nothing', async () => {
  const before = await inspected(swarm);
  const stopped = await engine.stopContainers(await references(), 5);
  expect(stopped).toEqual(units.map((name) => ({ name, outcome: 'stopped', exitCode: expect.any(Number) as number })));
  expect(await runningTasks(swarm)).toEqual([]);
  expect((await swarm.docker.listContainers()).length).toBe(0);
  expect(await engine.stopContainers(await references(), 5)).toEqual(
    units.map((name) => ({ name, outcome: 'already stopped' })),
  );
  await expect(engine.reach('service:shop_db', 7000)).rejects.toThrow('is stopped');

  await engine.startContainers(await references());
  const starts = await engine.awaitHealthy(units, limits);
  expect(Object.keys(starts).toSorted()).toEqual(units);
  const after = await inspected(swarm);
  expect(after).toEqual(before);
  const specs = Object.entries(after).map(([name, { Spec }]) => [name, Spec] as const);
  expect(await previousSpecs(swarm)).toEqual(Object.fromEntries(specs));
  await engine.confirmHealthy(starts, { timeoutSeconds: 5 });
}, 90_000);

test('removed and created again from the capture, network and configs included; a new deploy changes nothing', async () => {
  const before = await inspected(swarm);
  const capture = await engine.capture(deployment, 'here');
  expect(JSON.stringify(capture)).not.toContain(Buffer.from('secret').toString('base64'));
  await swarm.cli(['stack', 'rm', 'shop']);
  await gone();
  await swarm.cli(['network', 'rm', 'back']);
  await swarm.cli(['config', 'rm', 'settings']);
  await swarm.cli(['volume', 'rm', 'shop_data']);

  expect(await engine.createContainers(capture, units)).toEqual(units.map((name) => ({ name, outcome: 'created' })));
  expect(await runningTasks(swarm)).toEqual([]);
  expect(await engine.createContainers(capture, units)).toEqual(units.map((name) => ({ name, outcome: 'present' })));
  await engine.startContainers(
    capture.containers.map(({ name, restartPolicy, replicas }) => ({ name, restartPolicy, replicas })),
  );
  await engine.awaitHealthy(units, limits);

  expect(await inspected(swarm)).toEqual(before);
  const again = await engine.capture(deployment, 'here');
  expect({ ...again, takenAt: '' }).toEqual({ ...capture, takenAt: '' });
  const tasks = await runningTasks(swarm);
  await deploy(swarm);
  expect(await runningTasks(swarm)).toEqual(tasks);
}, 90_000);

test('a secret that is missing is named, and created where its value is given', async () => {
  const capture = await engine.capture(deployment, 'here');
  await swarm.cli(['service', 'rm', 'shop_db']);
  await gone('shop_db');
  await swarm.cli(['secret', 'rm', 'token']);
  await expect(engine.createContainers(capture, ['service:shop_db'])).rejects.toMatchObject({
    kind: 'ContainerFailed',
    message: 'The service shop_db cannot be created: the swarm has no secret token',
  } satisfies Partial<Failure>);
  await engine.createContainers(capture, ['service:shop_db'], { secrets: { token: 'given' } });
  await engine.startContainers([
    { name: 'service:shop_db', restartPolicy: { name: 'always', maximumRetryCount: 0 }, replicas: 1 },
  ]);
  await engine.awaitHealthy(['service:shop_db'], limits);
  expect((await engine.exec('service:shop_db', ['cat', '/run/secrets/the_token'])).stdout).toBe('given');
}, 60_000);

test('a stack that somebody deploys in the middle is found by the fence, and not stopped again', async () => {
  await engine.stopContainers(await references(), 5);
  const task = { containers: units, allowed: [], networks: ['back'], graceSeconds: 5 };
  expect(await engine.fence(task)).toEqual({ stopped: [], others: [] });
  await deploy(swarm);
  const { stopped, others } = await engine.fence(task);
  expect(stopped).toEqual([]);
  expect(others.map(({ container }) => container)).toEqual(units);
  expect(others[1]?.remedy).toContain('docker service scale shop_db=0');
  await engine.awaitHealthy(units, limits);
}, 60_000);

async function gone(service = 'shop_'): Promise<void> {
  for (;;) {
    const containers = await swarm.docker.listContainers({ all: true });
    if (!containers.some(({ Labels }) => Labels['com.docker.swarm.service.name']?.startsWith(service))) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
