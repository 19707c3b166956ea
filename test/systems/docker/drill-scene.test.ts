import { randomBytes } from 'node:crypto';
import { captureInScene } from '../../../domain/drills/capture-in-scene.ts';
import type { Scene } from '../../../domain/drills/scene.ts';
import { unnamedChanges } from '../../../domain/engine-inventory.ts';
import { ifThere, unless } from '../../../systems/docker/failures.ts';
import { demoPaths, demoPlatform } from '../../demo-situation.ts';
import { wholeCapture } from '../../drill-situation.ts';
import { useAtEnd } from '../../at-end.ts';
import { docker, engine, image, uniqueName } from './platform.ts';

const atTestEnd = useAtEnd();
const elasticsearchImage = 'rekindle-stack/elasticsearch:8.19.0';

/** A scene with one server in it, which keeps data in a volume of its own and in an anonymous one; nothing is started yet. */
function openedScene() {
  const id = randomBytes(4).toString('hex');
  const scene: Scene = {
    run: `drill/test/${id}`,
    project: `rekindle-drill-${id}`,
    core: [],
    memory: { elasticsearch: 2 ** 27, zookeeper: 2 ** 27 },
    processors: 0.5,
  };
  atTestEnd(() => engine.removeDrill(scene.run));
  const living = wholeCapture();
  for (const container of living.containers) container.image = { reference: image, digest: image };
  const capture = captureInScene(living, {
    platform: { ...demoPlatform(), platform: `test-${id}` },
    scene,
    storePaths: demoPaths(),
    body: () => ({ Cmd: ['sleep', '600'], Entrypoint: [], Volumes: { '/anonymous': {} }, HostConfig: {} }),
  });
  return { id, scene, capture, platform: `test-${id}` };
}

test('what is in a scene has its limits, cannot leave it, and goes as a whole; all else is as it was', async () => {
  const living = uniqueName();
  await docker.createVolume({ Name: living });
  atTestEnd(() => unless([404], docker.getVolume(living).remove()));
  const before = await engine.inventory('machine');
  const { scene, capture, platform } = openedScene();
  for (const network of capture.networks) await engine.createNetwork(network);
  for (const volume of capture.volumes) await engine.createVolume(volume);
  const names = capture.containers.map(({ name }) => name);
  await engine.createContainers(capture, names);
  await engine.startContainers(capture.containers.map(({ name, restartPolicy }) => ({ name, restartPolicy })));
  expect(await engine.listDrills(platform)).toMatchObject([{ run: scene.run }]);

  const [name = ''] = names;
  const { HostConfig, NetworkSettings } = await docker.getContainer(name).inspect();
  expect(HostConfig).toMatchObject({ Memory: 2 ** 27, NanoCpus: 5e8, RestartPolicy: { Name: 'no' } });
  expect(Object.keys(NetworkSettings.Networks)).toEqual([scene.project]);
  const removed = await engine.removeDrill(scene.run);
  expect(removed).toEqual(expect.arrayContaining([...names, scene.project, ...capture.volumes.map((one) => one.name)]));
  const nothing = { containers: [], volumes: [], networks: [] };
  const changes = unnamedChanges(before, await engine.inventory('machine'), nothing);
  expect(changes.filter((change) => change.includes('rekindle-drill-') || change.includes(living))).toEqual([]);
  expect(await engine.removeDrill(scene.run)).toEqual([]);
}, 120_000);

test('a way leads to one port and is opened once; from the scene, the storage answers at its address alone', async () => {
  const host = await storageElsewhere();
  const port = storagePort;
  const { scene, capture, platform } = openedScene();
  for (const network of capture.networks) await engine.createNetwork(network);
  const task = {
    scene,
    platform,
    store: 'documents',
    to: { host, port },
    image: { reference: elasticsearchImage, digest: elasticsearchImage },
    networks: ['a-network-that-is-gone'],
  };
  await engine.openWay(task);
  await engine.openWay(task);
  const [way, ...others] = await engine.listWays(scene);
  expect(others).toEqual([]);
  expect(way).toMatchObject({ store: 'documents', host, port });

  const [first] = capture.containers;
  await engine.createContainers(capture, [first!.name]);
  await engine.startContainers([{ name: first!.name, restartPolicy: first!.restartPolicy }]);
  const ask = async (whom: string) =>
    (await engine.exec(first!.name, ['node', '-e', asking(whom, port)])).stdout.trim();
  expect(await ask(host)).toMatch(/^(ENETUNREACH|silent)$/);
  expect(await ask(way!.container)).toBe('storage');
  await engine.removeDrill(scene.run);
  expect(await ifThere(docker.getContainer(way!.container).inspect())).toBeUndefined();
}, 120_000);

/** Prints what answers there, or why nothing does. */
const asking = (host: string, port: number) => `
  const say = (words) => { console.log(String(words)); process.exit(); };
  setTimeout(() => say('silent'), 3000);
  require('net').connect(${port}, '${host}').on('data', say).on('error', ({ code }) => say(code));
`;

const storagePort = 9000;

/** Its address: a container on the engine's default network, which forwards to nobody from inside a scene. */
async function storageElsewhere(): Promise<string> {
  const server = `require('net').createServer((socket) => socket.end('storage')).listen(${storagePort})`;
  const container = await docker.createContainer({ name: uniqueName(), Image: image, Cmd: ['node', '-e', server] });
  atTestEnd(() => unless([404], container.remove({ force: true })));
  await container.start();
  const { NetworkSettings } = await container.inspect();
  return NetworkSettings.Networks['bridge']?.IPAddress ?? '';
}
