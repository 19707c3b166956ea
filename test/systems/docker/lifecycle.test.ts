import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentCapture } from '../../../domain/deployment.ts';
import type { StepProgress } from '../../../domain/plans/steps.ts';
import {
  bringUpPlatform,
  docker,
  engine,
  failureOf,
  image,
  references,
  type TestPlatform,
  uniqueName,
} from './platform.ts';
import { writeFiles } from '../../../systems/docker/capture/archive.ts';

// One platform through its life: the tests run in this order.
let platform: TestPlatform;
let capture: DeploymentCapture;
const limits = { timeoutSeconds: 30, settleSeconds: 1 };

beforeAll(async () => {
  platform = await bringUpPlatform();
});
afterAll(async () => {
  await platform.remove();
});

const observe = () => engine.observe(platform.deployment, 'here');
const policyOf = async (name: string): Promise<string> =>
  (await docker.getContainer(name).inspect()).HostConfig.RestartPolicy?.Name ?? '';

test('ping tells who answers', async () => {
  const identity = await engine.ping();
  expect(identity.version).toMatch(/^\d+\./);
  expect(identity.rootDir).toMatch(/^\//);
});

test('observe names what exists, and other containers on the data network', async () => {
  await engine.awaitHealthy(
    references(await observe()).map(({ name }) => name),
    limits,
  );
  const { project } = platform;
  const stranger = await docker.createContainer({
    name: uniqueName(),
    Image: image,
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    HostConfig: { NetworkMode: `${project}_back` },
  });
  try {
    await stranger.start();
    const observed = await observe();
    expect(observed.containers.map(({ service, running, networkGone }) => ({ service, running, networkGone }))).toEqual(
      [
        { service: 'db', running: true, networkGone: false },
        { service: 'worker', running: true, networkGone: false },
        { service: 'worker', running: true, networkGone: false },
      ],
    );
    const [db] = observed.containers;
    expect(db?.restartPolicy).toEqual({ name: 'always', maximumRetryCount: 0 });
    expect(db?.networks).toEqual([`${project}_back`, `${project}_side`]);
    expect(db?.volumes).toContain(`${project}_data`);
    const data = observed.volumes.find(({ name }) => name === `${project}_data`);
    expect(data).toMatchObject({ driver: 'local', hasOptions: false, usedBy: [db?.name] });
    // Engines before 24 cannot tell a volume's creation.
    const dated = Number(observed.engineVersion.split('.')[0]) >= 24;
    expect(data?.createdAt).toMatch(dated ? /^\d{4}-/ : /^$/);
    expect(observed.networks.map(({ name }) => name)).toEqual([`${project}_back`, `${project}_side`]);
    const name = (await stranger.inspect()).Name.slice(1);
    expect(observed.otherContainers).toMatchObject([{ container: name, network: `${project}_back` }]);
  } finally {
    await stranger.remove({ force: true });
  }
});

test('capture holds files with owner and mode', async () => {
  // As Compose 2 gives a container its inline configs and the secrets that it takes from the environment.
  const [worker] = references(await observe(), 'worker');
  const key = Buffer.from('from the environment').toString('base64');
  const own = new Map([['run/secrets/api_key', { mode: 0o440, uid: 7, gid: 8, contentBase64: key }]]);
  await writeFiles(docker.getContainer(worker!.name), '/', own);
  capture = await engine.capture(platform.deployment, 'here');
  const file = capture.files.find(({ path }) => path === join(platform.folder, 'token.txt'));
  expect(file).toMatchObject({ mode: 0o640, uid: 0, gid: 0 });
  expect(Buffer.from(file?.contentBase64 ?? '', 'base64').toString()).toBe('top secret\n');
  const folder = (path: string) => join(platform.folder, path);
  expect(capture.files.map(({ path }) => path)).toEqual(
    ['conf/deep/rules.txt', 'settings.conf', 'token.txt'].map(folder),
  );
  expect(capture.leftOut).toEqual([folder('large')]);
  expect(capture.containers.find(({ name }) => name === worker!.name)?.ownFiles).toEqual([
    { path: '/run/secrets/api_key', mode: 0o440, uid: 7, gid: 8, contentBase64: key },
  ]);
});

test('exec hands secrets over by standard input, and says how the command ended', async () => {
  const [db] = references(await observe(), 'db');
  const command = ['sh', '-c', 'cat; echo oops >&2; id -u; exit 3'];
  expect(await engine.exec(db!.name, command, { stdin: 'secret\n', user: '7' })).toEqual({
    exitCode: 3,
    stdout: 'secret\n7\n',
    stderr: 'oops\n',
  });
  const without = await engine.exec(db!.name, ['echo', 'hi']);
  expect(without).toEqual({ exitCode: 0, stdout: 'hi\n', stderr: '' });
  expect(await failureOf(engine.exec(uniqueName(), ['true']))).toMatchObject({ kind: 'ServiceNotFound' });
});

test('reach finds a port that is not published', async () => {
  const [db] = references(await observe(), 'db');
  const address = await engine.reach(db!.name, 7000);
  expect(address.port).toBe(7000);
  const began = performance.now();
  expect(await failureOf(engine.reach(db!.name, 7001))).toMatchObject({ kind: 'ServiceUnhealthy' });
  expect(performance.now() - began).toBeLessThan(5000);
  expect(await failureOf(engine.reach(uniqueName(), 1))).toMatchObject({ kind: 'ServiceNotFound' });
});

test('stop sets the policy to no, start puts it back; both may be repeated', async () => {
  const wanted = references(await observe());
  const absent = { name: uniqueName(), restartPolicy: wanted[0]!.restartPolicy };
  const progress: StepProgress[] = [];
  const first = await engine.stopContainers([...wanted, absent], 5, { onProgress: (step) => progress.push(step) });
  expect(first.map(({ outcome }) => outcome)).toEqual(['stopped', 'stopped', 'stopped', 'absent']);
  expect(first[0]?.exitCode).toBe(143);
  expect(progress.at(-1)).toMatchObject({ done: 4, total: 4 });
  expect(await Promise.all(wanted.map(({ name }) => policyOf(name)))).toEqual(['no', 'no', 'no']);
  const again = await engine.stopContainers(wanted, 5);
  expect(again.map(({ outcome }) => outcome)).toEqual(Array(3).fill('already stopped'));

  expect((await engine.startContainers(wanted)).map(({ outcome }) => outcome)).toEqual(Array(3).fill('started'));
  expect((await engine.startContainers(wanted)).map(({ outcome }) => outcome)).toEqual(
    Array(3).fill('already running'),
  );
  expect(await Promise.all(wanted.map(({ name }) => policyOf(name)))).toEqual(['always', 'on-failure', 'on-failure']);
  await engine.awaitHealthy(
    wanted.map(({ name }) => name),
    limits,
  );
  expect(await failureOf(engine.startContainers([absent]))).toMatchObject({ kind: 'ServiceNotFound' });
});

test('a platform that is not healthy in time is reported as unhealthy', async () => {
  const names = references(await observe()).map(({ name }) => name);
  const late = failureOf(engine.awaitHealthy(names, { timeoutSeconds: 0.5, settleSeconds: 10 }));
  expect(await late).toMatchObject({ kind: 'ServiceUnhealthy' });
});

test('a running container is not removed, a missing one is fine, a volume in use is refused', async () => {
  const wanted = references(await observe());
  const refused = await failureOf(engine.removeContainers([uniqueName(), wanted[0]!.name]));
  expect(refused).toMatchObject({
    kind: 'ContainerFailed',
    message: expect.stringContaining(wanted[0]!.name) as string,
  });
  expect(await engine.removeContainers([uniqueName()])).toMatchObject([{ outcome: 'absent' }]);
  const inUse = await failureOf(engine.removeVolume(`${platform.project}_data`));
  expect(inUse).toMatchObject({ kind: 'VolumeRefused', message: expect.stringContaining(wanted[0]!.name) as string });
  expect(await engine.removeVolume(uniqueName())).toEqual({ removed: false });
});

test('a container whose network is gone says so, and cannot be started', async () => {
  const network = await docker.createNetwork({ Name: uniqueName() });
  const labels = { 'com.docker.compose.project': platform.project, 'com.docker.compose.service': 'worker' };
  const container = await docker.createContainer({
    name: uniqueName(),
    Image: image,
    Labels: labels,
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    HostConfig: { NetworkMode: network.id, Init: true },
  });
  try {
    await container.start();
    await container.stop();
    await network.remove();
    const name = (await container.inspect()).Name.slice(1);
    const observed = await observe();
    expect(observed.containers.filter(({ networkGone }) => networkGone).map((gone) => gone.name)).toEqual([name]);
    const start = engine.startContainers([{ name, restartPolicy: { name: 'no', maximumRetryCount: 0 } }]);
    expect(await failureOf(start)).toMatchObject({ kind: 'ContainerFailed' });
  } finally {
    await container.remove({ force: true });
    await network.remove().catch(() => undefined);
  }
});

test('created again from the capture after the loss of everything, it is up to date for the Compose tool', async () => {
  const before = await observe();
  const wanted = references(before);
  const names = wanted.map(({ name }) => name);
  await platform.compose('down', '-v', '-t', '0');
  await rm(join(platform.folder, 'token.txt'));
  await rm(join(platform.folder, 'conf'), { recursive: true });
  // What the engine makes of a mounted file that is missing.
  await rm(join(platform.folder, 'settings.conf'));
  await mkdir(join(platform.folder, 'settings.conf'));
  const gone = await observe();
  expect({ ...gone, engineVersion: '' }).toEqual({
    host: 'here',
    engineVersion: '',
    containers: [],
    volumes: [],
    networks: [],
    otherContainers: [],
    otherNames: expect.any(Array) as string[],
  });

  for (const repeated of [false, true]) {
    for (const network of capture.networks) expect(await engine.createNetwork(network)).toEqual({ created: !repeated });
    for (const volume of capture.volumes) expect(await engine.createVolume(volume)).toEqual({ created: !repeated });
    const created = await engine.createContainers(capture, names);
    expect(created.map(({ outcome }) => outcome)).toEqual(Array(3).fill(repeated ? 'present' : 'created'));
  }
  const token = join(platform.folder, 'token.txt');
  expect(await readFile(token, 'utf8')).toBe('top secret\n');
  expect(await readFile(join(platform.folder, 'conf', 'deep', 'rules.txt'), 'utf8')).toBe('be kind\n');
  expect((await stat(token)).mode & 0o777).toBe(0o640);
  expect(await readFile(join(platform.folder, 'settings.conf'), 'utf8')).toBe('colour=blue\n');
  await engine.startContainers(wanted);
  await engine.awaitHealthy(names, limits);

  const ids = async (): Promise<string[]> =>
    Promise.all(names.map(async (name) => (await docker.getContainer(name).inspect()).Id));
  const idsBefore = await ids();
  await platform.compose('up', '-d');
  expect(await ids()).toEqual(idsBefore);

  const after = await engine.capture(platform.deployment, 'here');
  expect({ ...after, takenAt: '' }).toEqual({ ...capture, takenAt: '' });
});

test('a network whose addresses are taken by another gets new ones', async () => {
  const taken = capture.networks[0]!;
  const name = uniqueName();
  expect(await engine.createNetwork({ name, create: { ...taken.create, Labels: {} } })).toEqual({ created: true });
  await docker.getNetwork(name).remove();
});

test('a missing image is reported by name', async () => {
  const [container] = capture.containers;
  const reference = `localhost:1/${uniqueName()}:1`;
  const name = uniqueName();
  const missing = { ...container!, name, image: { reference, digest: `sha256:${'0'.repeat(64)}` } };
  const failure = await failureOf(engine.createContainers({ ...capture, containers: [missing] }, [name]));
  expect(failure).toMatchObject({ kind: 'ImageMissing', message: expect.stringContaining(reference) as string });
});
