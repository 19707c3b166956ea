// cspell:ignore getline
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { sceneOf, type Scene } from '../../../domain/drills/scene.ts';
import { unnamedChanges } from '../../../domain/engine-inventory.ts';
import type { Platform } from '../../../domain/platform.ts';
import { sceneCapture } from '../../../operations/drill/in-scene.ts';
import { connectDocker, type DockerEngine } from '../../../systems/docker/engine.ts';
import { startSwarmEngine, type SwarmEngine } from '../../swarm-engine.ts';
import { inspected, runningTasks } from '../../swarm-inspect.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { waitFor } from '../../wait-for.ts';
import { deploy, deployment, image, units } from './stack.ts';

// Services of a real swarm, captured, and their scene beside them as plain containers on the same engine.

const nothing = { containers: [], volumes: [], networks: [] };
const elasticsearch = 'rekindle-stack/elasticsearch:8.19.0';

let swarm: SwarmEngine;
let engine: DockerEngine;

beforeAll(async () => {
  swarm = await startSwarmEngine([image, elasticsearch]);
  engine = connectDocker({ host: swarm.host });
  await swarm.cli(['node', 'update', '--label-add', 'db=true', (await swarm.cli(['node', 'ls', '-q'])).trim()]);
  await swarm.cli(['secret', 'create', 'token', '-'], 'secret');
  await swarm.cli(['config', 'create', 'settings', '-'], 'colour=blue');
  await swarm.cli(['network', 'create', '--driver', 'overlay', '--attachable', 'back']);
  await deploy(swarm);
  await engine.awaitHealthy(units, { timeoutSeconds: 40, settleSeconds: 1 });
}, 240_000);
afterAll(() => swarm.end(), 60_000);
afterEach(async () => {
  for (const { run } of await engine.listDrills('demo')) await engine.removeDrill(run);
}, 60_000);

const platform: Platform = {
  ...demoPlatform(),
  deployment: { ...deployment, secrets: { token: { env: 'TOKEN' } }, volumes: { shop_data: 'data' } },
  stores: [],
  smoke: [],
  drill: { core: ['worker'], memoryBytes: 2 ** 31, processors: 0.5 },
};

test('a captured service runs as a plain container, with config, secret and a volume of its own; the swarm is as it was', async () => {
  const before = { services: await inspected(swarm), tasks: await runningTasks(swarm) };
  const inventory = await engine.inventory('here');
  const id = randomBytes(4).toString('hex');
  const scene: Scene = { ...sceneOf(platform, { run: `drill/demo/${id}`, id }), host: 'here' };
  const captured = await engine.capture(deployment, 'here');
  const capture = sceneCapture(captured, { platform, scene, secrets: { token: 'of the file' } });
  const names = capture.containers.map(({ name }) => name);
  expect(names).toEqual([`${scene.project}-db`, `${scene.project}-worker`]);
  for (const network of capture.networks) await engine.createNetwork(network);
  for (const volume of capture.volumes) await engine.createVolume(volume);
  await engine.createContainers(capture, names);
  await engine.startContainers(capture.containers.map(({ name, restartPolicy }) => ({ name, restartPolicy })));
  const [db = '', worker = ''] = names;
  const run = async (container: string, script: string) =>
    (await engine.exec(container, ['sh', '-c', script])).stdout.trim();

  expect(await run(db, 'cat /run/secrets/the_token; stat -c %a /run/secrets/the_token')).toBe('of the file400');
  expect(await run(db, 'cat /etc/settings.conf')).toBe('colour=blue');
  expect(await run(db, 'echo "$TOKEN"')).toBe('a b');
  // The living one's volume is neither there nor named.
  await run(db, 'echo changed > /data/mark');
  const ask = (name: string) =>
    run(worker, `perl -MIO::Socket::INET -e 'print IO::Socket::INET->new("${name}:7000")->getline'`);
  await waitFor(async () => expect(await ask('db')).toBe('hi'), { timeout: 20_000 });
  for (const name of ['database', 'shop_db', 'tasks.db']) expect([name, await ask(name)]).toEqual([name, 'hi']);
  const living = await swarm.cli(['ps', '--quiet', '--filter', 'label=com.docker.swarm.service.name=shop_db']);
  expect(await swarm.cli(['exec', living.trim(), 'ls', '/data'])).toBe('');

  const removed = await engine.removeDrill(scene.run);
  expect(removed).toEqual(expect.arrayContaining([...names, scene.project, `${scene.project}-db-0`]));
  expect({ services: await inspected(swarm), tasks: await runningTasks(swarm) }).toEqual(before);
  expect(unnamedChanges(inventory, await engine.inventory('here'), nothing)).toEqual([]);
}, 120_000);

/** One with a store has a network on which not even the host has an address. */
const sealed: Platform = {
  ...platform,
  stores: demoPlatform()
    .stores.slice(0, 1)
    .map((store) => ({ ...store, service: 'db' })),
};

test('a way leads from the scene to a service of the swarm, over an overlay network that takes containers, and the host into it', async () => {
  const id = randomBytes(4).toString('hex');
  const scene: Scene = { ...sceneOf(sealed, { run: `drill/demo/${id}`, id }), host: 'here' };
  const capture = sceneCapture(await engine.capture(deployment, 'here'), { platform: sealed, scene });
  for (const network of capture.networks) await engine.createNetwork(network);
  await engine.openWay({
    scene,
    platform: 'demo',
    store: 'documents',
    to: { host: 'database', port: 7000 },
    image: { reference: elasticsearch, digest: elasticsearch },
    networks: ['back', 'shop_side'],
  });
  const [way] = await engine.listWays(scene);
  const { NetworkSettings } = await swarm.docker.getContainer(way?.container ?? '').inspect();
  expect(Object.keys(NetworkSettings.Networks).toSorted()).toEqual(['back', 'bridge', scene.project]);
  for (const volume of capture.volumes) await engine.createVolume(volume);
  const [db = '', worker = ''] = capture.containers.map(({ name }) => name);
  await engine.createContainers(capture, [db, worker]);
  await engine.startContainers(capture.containers.map(({ name, restartPolicy }) => ({ name, restartPolicy })));
  expect(await heard(await waitFor(() => engine.reach(db, 7000), { timeout: 20_000 }))).toBe('hi');
  const asking = (host: string) =>
    `my $s = IO::Socket::INET->new(PeerAddr => "${host}:7000", Timeout => 3); print $s ? $s->getline : "nobody"`;
  const ask = async (host: string) =>
    (await engine.exec(worker, ['perl', '-MIO::Socket::INET', '-e', asking(host)])).stdout;
  expect(await ask(way?.address ?? '')).toBe('hi');
  // Under the name of the living one, its copy.
  await engine.stopContainers([{ name: db, restartPolicy: { name: 'no', maximumRetryCount: 0 } }], 1);
  expect(await ask('database')).toBe('nobody');
  await engine.removeDrill(scene.run);
}, 120_000);

const heard = ({ host, port }: { host: string; port: number }) =>
  new Promise<string>((resolve, reject) => {
    connect(port, host)
      .on('data', (part) => resolve(part.toString()))
      .on('error', reject);
  });

test('tasks that come and go meanwhile do not count as changes of the engine', async () => {
  const before = await engine.inventory('here');
  await swarm.cli(['service', 'scale', '--detach', 'shop_worker=3']);
  await engine.awaitHealthy(units, { timeoutSeconds: 40, settleSeconds: 1 });
  expect(unnamedChanges(before, await engine.inventory('here'), nothing)).toEqual([]);
}, 60_000);
