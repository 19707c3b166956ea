import { mayRunOn } from '../../../domain/placement.ts';
import { connectDocker, type DockerEngine } from '../../../systems/docker/engine.ts';
import { startSwarmEngine, type SwarmEngine } from '../../swarm-engine.ts';
import { waitFor } from '../../wait-for.ts';
import { deploy, deployment, image, units } from './stack.ts';

let swarm: SwarmEngine;
let engine: DockerEngine;
let node: string;
const limits = { timeoutSeconds: 60, settleSeconds: 1 };
const always = { name: 'always', maximumRetryCount: 0 } as const;

beforeAll(async () => {
  swarm = await startSwarmEngine([image]);
  engine = connectDocker({ host: swarm.host });
  node = (await swarm.cli(['node', 'ls', '-q'])).trim();
  await swarm.cli(['node', 'update', '--label-add', 'db=true', node]);
  await swarm.cli(['secret', 'create', 'token', '-'], 'secret');
  await swarm.cli(['config', 'create', 'settings', '-'], 'colour=blue');
  await swarm.cli(['network', 'create', '--driver', 'overlay', '--attachable', 'back']);
  await deploy(swarm);
  await engine.awaitHealthy(units, limits);
}, 180_000);
afterAll(() => swarm.end(), 60_000);

test('a task that does not stop is killed after the grace of its service, and that is said', async () => {
  const created = ['service', 'create', '--detach', '--name', 'deaf', '--stop-grace-period', '2s', image];
  // The first process of a container gets no signal that it does not ask for.
  await swarm.cli([...created, 'sleep', 'infinity']);
  await engine.awaitHealthy(['service:deaf'], limits);
  expect(await engine.stopContainers([{ name: 'service:deaf', restartPolicy: always }], 2)).toEqual([
    { name: 'service:deaf', outcome: 'stopped', exitCode: 137 },
  ]);
});

test('a network that was removed and is slow to go: it is waited for, and made anew', async () => {
  await swarm.cli(['network', 'create', '--driver', 'overlay', '--attachable', '--label', 'kept=yes', 'slow']);
  const options = ['--detach', '--network', 'slow', '--stop-grace-period', '8s', '--endpoint-mode', 'dnsrr'];
  await swarm.cli(['service', 'create', ...options, '--name', 'lingering', image, 'sleep', 'infinity']);
  await engine.awaitHealthy(['service:lingering'], limits);
  const { stack: _, ...unstacked } = deployment;
  const capture = await engine.capture({ ...unstacked, data: ['lingering'], core: [], alsoStop: [] }, 'here');
  const [before] = await swarm.docker.listNetworks({ filters: { name: ['slow'] } });
  // As "docker stack rm" does it: the network goes before the tasks have ended.
  await swarm.cli(['service', 'rm', 'lingering']);
  await swarm.cli(['network', 'rm', 'slow']);
  const still = await swarm.docker.listNetworks({ filters: { name: ['slow'] } });
  expect(still.map(({ Id }) => Id)).toEqual([before?.Id]);

  expect(await engine.createContainers(capture, ['service:lingering'])).toMatchObject([{ outcome: 'created' }]);
  const now = await swarm.docker.listNetworks({ filters: { name: ['slow'] } });
  expect(now).toMatchObject([{ Labels: { kept: 'yes' }, Attachable: true }]);
  expect(now[0]?.Id).not.toBe(before?.Id);
  await engine.startContainers([{ name: 'service:lingering', restartPolicy: always, replicas: 1 }]);
  await engine.awaitHealthy(['service:lingering'], limits);
  await swarm.cli(['service', 'rm', 'lingering']);
}, 120_000);

test('a node that is drained takes no task: found before, and named by the wait', async () => {
  await swarm.cli(['node', 'update', '--availability', 'drain', node]);
  const { swarm: seen } = await engine.observe(deployment, 'here');
  expect(seen?.nodes.map((one) => mayRunOn(one, []))).toEqual([false]);
  await expect(engine.awaitHealthy(['service:shop_db'], { timeoutSeconds: 5, settleSeconds: 1 })).rejects.toThrow(
    /shop_db has not had all its tasks running within 5 s \(0 of 1 run; no suitable node/,
  );
  await swarm.cli(['node', 'update', '--availability', 'active', node]);
  await engine.awaitHealthy(units, limits);
});

test('the manager dies while services stop and comes back: they are stopped once it answers, and start again', async () => {
  const references = (await engine.observe(deployment, 'here')).containers.map(({ name, replicas }) => ({
    name,
    restartPolicy: always,
    ...(replicas !== undefined && { replicas }),
  }));
  const stopping = engine.stopContainers(references, 5).catch((error: unknown) => error);
  await swarm.kill();
  await stopping;
  await swarm.start();
  const stopped = await waitFor(() => engine.stopContainers(references, 5), { timeout: 60_000, interval: 1000 });
  expect(stopped.map(({ name }) => name)).toEqual(units);
  expect((await swarm.docker.listContainers()).map(({ Names }) => Names[0])).toEqual([]);
  await engine.startContainers(references);
  await engine.awaitHealthy(units, limits);
}, 150_000);
