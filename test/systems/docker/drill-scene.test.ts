import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { NetworkInspectInfo } from 'dockerode';
import { captureInScene } from '../../../domain/drills/capture-in-scene.ts';
import { forwarderBytes } from '../../../domain/drills/limits.ts';
import type { Scene } from '../../../domain/drills/scene.ts';
import { unnamedChanges } from '../../../domain/engine-inventory.ts';
import { ifThere, unless } from '../../../systems/docker/failures.ts';
import { demoPaths, demoPlatform } from '../../demo-situation.ts';
import { wholeCapture } from '../../drill-situation.ts';
import { useAtEnd } from '../../at-end.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';

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
  expect(HostConfig).toMatchObject({ Memory: 2 ** 27, NanoCpus: 5e8, CpuShares: 2, RestartPolicy: { Name: 'no' } });
  expect(Object.keys(NetworkSettings.Networks)).toEqual([scene.project]);
  const removed = await engine.removeDrill(scene.run);
  expect(removed).toEqual(expect.arrayContaining([...names, scene.project, ...capture.volumes.map((one) => one.name)]));
  const nothing = { containers: [], volumes: [], networks: [] };
  const changes = unnamedChanges(before, await engine.inventory('machine'), nothing);
  expect(changes.filter((change) => change.includes('rekindle-drill-') || change.includes(living))).toEqual([]);
  expect(await engine.removeDrill(scene.run)).toEqual([]);
}, 120_000);

test('a way leads to one port and is opened once; from the scene, the storage answers at its address alone', async () => {
  const { address: host } = await storageElsewhere();
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
  const { HostConfig } = await docker.getContainer(way!.container).inspect();
  expect(HostConfig).toMatchObject({ Memory: forwarderBytes, NanoCpus: 5e8, CpuShares: 2 });

  const [first] = capture.containers;
  await engine.createContainers(capture, [first!.name]);
  await engine.startContainers([{ name: first!.name, restartPolicy: first!.restartPolicy }]);
  const ask = async (whom: string) =>
    (await engine.exec(first!.name, ['node', '-e', asking(whom, port)])).stdout.trim();
  expect(await ask(host)).toMatch(/^(ENETUNREACH|EHOSTUNREACH|silent)$/);
  expect(await ask(way!.container)).toBe('storage');
  await engine.removeDrill(scene.run);
  expect(await ifThere(docker.getContainer(way!.container).inspect())).toBeUndefined();
}, 120_000);

test('nothing in a scene reaches the host, on no address of it; who is on the host reaches the scene by a way', async () => {
  const port = await hostListening();
  const { id, scene, capture, platform } = openedScene();
  const [network] = capture.networks;
  const plain = `rkt-${id}`;
  await engine.createNetwork({ name: plain, create: { Name: plain, Driver: 'bridge', Internal: true } });
  atTestEnd(() => unless([404], docker.getNetwork(plain).remove()));
  await engine.createNetwork(network!);
  const [first] = capture.containers;
  const name = first!.name;
  first!.create['Cmd'] = ['node', '-e', serving(storagePort)];
  await engine.createContainers(capture, [name]);
  await engine.startContainers([{ name, restartPolicy: first!.restartPolicy }]);
  const ask = async (whom: string) => (await engine.exec(name, ['node', '-e', asking(whom, port)])).stdout.trim();
  const addresses = [await gatewayOf(scene.project), await gatewayOf('bridge'), ...addressesOfHost()];
  for (const address of addresses) expect(await ask(address)).not.toBe('host');
  expect(await ask('host.docker.internal')).not.toBe('host');
  // What an internal network alone lets through, and that this test would notice.
  await docker.getNetwork(plain).connect({ Container: name });
  expect(await ask(await gatewayOf(plain))).toBe('host');
  await docker.getNetwork(plain).disconnect({ Container: name });

  const image = { reference: elasticsearchImage, digest: elasticsearchImage };
  await engine.openWay({ scene, platform, store: 'documents', image, networks: [] });
  expect(await engine.listWays(scene)).toEqual([]);
  const there = await engine.reach(name, storagePort);
  expect(await answerOf(there)).toBe('storage');
  expect(await engine.reach(name, storagePort)).toEqual(there);
  expect(await failureOf(engine.reach(name, 9))).toMatchObject({ kind: 'ServiceUnhealthy' });
  // It forwards for who asked the gate, and the gate answers who knows what to say.
  const other = await storageElsewhere();
  const fromThere = await engine.exec(other.name, ['node', '-e', asking(there.host, there.port)]);
  expect(fromThere.stdout.trim()).toBe('closed');
}, 180_000);

test('of published ports those are told that answer on more than the loopback addresses, once each', async () => {
  const name = uniqueName();
  const PortBindings = {
    '7000/tcp': [{ HostIp: '', HostPort: '' }],
    '7001/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
  };
  const ExposedPorts = { '7000/tcp': {}, '7001/tcp': {} };
  const body = { name, Image: image, Cmd: ['sleep', '600'], ExposedPorts, HostConfig: { PortBindings } };
  const container = await docker.createContainer(body);
  atTestEnd(() => unless([404], container.remove({ force: true })));
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const ports = new Set((NetworkSettings.Ports['7000/tcp'] ?? []).map(({ HostPort }) => Number(HostPort)));
  const ours = (await engine.publishedPorts()).filter(({ of }) => of === name);
  expect(ours).toEqual([...ports].sort((a, b) => a - b).map((port) => ({ of: name, port })));
}, 60_000);

/** Prints what answers there, or why nothing does. */
const asking = (host: string, port: number) => `
  const say = (words) => { console.log(String(words)); process.exit(); };
  setTimeout(() => say('silent'), 3000);
  const socket = require('net').connect(${port}, '${host}').on('data', say).on('error', ({ code }) => say(code));
  socket.on('end', () => say('closed'));
`;

const serving = (port: number) => `require('net').createServer((socket) => socket.end('storage')).listen(${port})`;

/** A port at which this machine answers on all its addresses. */
async function hostListening(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).end('host')).listen(0, '::');
  atTestEnd(() => new Promise((resolve) => server.close(resolve)));
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const addressesOfHost = () =>
  Object.values(networkInterfaces()).flatMap((found = []) =>
    found.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );

async function gatewayOf(network: string): Promise<string> {
  const { IPAM }: NetworkInspectInfo = await docker.getNetwork(network).inspect();
  const { Subnet = '', Gateway } = IPAM?.Config?.[0] ?? {};
  // Docker 28 keeps none for a sealed network: then the address that would be it.
  return Gateway ?? Subnet.replace(/\d+\/\d+$/, '1');
}

async function answerOf({ host, port }: { host: string; port: number }): Promise<string> {
  const socket = connect(port, host);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString();
}

const storagePort = 9000;

/** A container on the engine's default network, which forwards to nobody from inside a scene. */
async function storageElsewhere(): Promise<{ name: string; address: string }> {
  const name = uniqueName();
  const container = await docker.createContainer({ name, Image: image, Cmd: ['node', '-e', serving(storagePort)] });
  atTestEnd(() => unless([404], container.remove({ force: true })));
  await container.start();
  const { NetworkSettings } = await container.inspect();
  return { name, address: NetworkSettings.Networks['bridge']?.IPAddress ?? '' };
}
