import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshEndpoint } from '../../../../domain/endpoints.ts';
import type { Failure } from '../../../../domain/failures.ts';
import { connectDockerAt } from '../../../../systems/docker/endpoints/connect-docker-at.ts';
import { useAtEnd } from '../../../at-end.ts';
import { startEngineDouble } from '../../../engine-double.ts';
import { makeSshKey, startSshHost, type SshHostOptions } from '../../../ssh-server.ts';

const atTestEnd = useAtEnd();
const ours = makeSshKey();

async function setUp(more: Partial<SshHostOptions> = {}) {
  const engine = await startEngineDouble();
  const host = await startSshHost({ authorized: [ours], socket: engine.socket, ...more });
  atTestEnd(async () => {
    await host.close();
    await engine.close();
  });
  const endpoint: SshEndpoint = {
    kind: 'ssh',
    host: '127.0.0.1',
    port: host.port,
    user: 'rekindle',
    hostKeys: [host.hostKey.fingerprint],
    knownHosts: '/nowhere/known_hosts',
  };
  const at = (more: Partial<SshEndpoint> = {}, key: string = ours.private) =>
    connectDockerAt({ ...endpoint, ...more }, () => Promise.resolve({ key }));
  return { host, engine, at };
}

const failureOf = async (work: Promise<unknown>) =>
  (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as Failure;

test('the engine answers, over one connection for many requests', async () => {
  const { host, at } = await setUp();
  const docker = at();
  const identity = { id: 'engine-of-the-test', version: '29.1.0', name: 'node-2' };
  expect(await docker.ping()).toMatchObject(identity);
  await Promise.all([docker.ping(), docker.ping()]);
  expect(host.logins).toBe(1);
  expect(new Set(host.commands)).toEqual(new Set(['docker system dial-stdio']));
  expect(docker.address).toBe(`ssh://rekindle@127.0.0.1:${host.port}`);
});

test('a crowd of requests takes as many connections as an SSH server wants', async () => {
  const { host, at } = await setUp();
  const docker = at();
  await Promise.all(Array.from({ length: 12 }, () => docker.listProjects()));
  // Eight requests at most share one.
  expect(host.logins).toBe(2);
});

test('after the connection has broken, the next request makes another', async () => {
  const { host, at } = await setUp();
  const docker = at();
  await docker.ping();
  host.cut();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await docker.ping()).toMatchObject({ name: 'node-2' });
  expect(host.logins).toBe(2);
});

test('a host key that nobody knows, or that has changed, is not taken, and its fingerprint is shown', async () => {
  const { host, at } = await setUp();
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  atTestEnd(() => rm(folder, { recursive: true }));
  const known = async (line: string) => {
    const knownHosts = join(folder, 'known_hosts');
    await writeFile(knownHosts, `${line}\n`);
    return { hostKeys: [], knownHosts };
  };
  const unknown = await failureOf(at(await known('# none')).ping());
  expect(unknown).toMatchObject({
    kind: 'HostKeyRefused',
    message: expect.stringContaining(`is not known: it shows ${host.hostKey.fingerprint} (ssh-ed25519)`) as string,
  });
  expect(unknown.remedy).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');

  const other = makeSshKey();
  const changed = await failureOf(at(await known(`[127.0.0.1]:${host.port} ${other.public}`)).ping());
  expect(changed.kind).toBe('HostKeyRefused');
  expect(changed.message).toContain('has changed');
  expect(changed.message).toContain(other.fingerprint);

  const pinned = await failureOf(at({ hostKeys: [other.fingerprint] }).ping());
  expect(pinned.kind).toBe('HostKeyRefused');
  expect(pinned.message).toContain(host.hostKey.fingerprint);
  // Nobody was asked to log in.
  expect(host.logins).toBe(0);

  const right = at(await known(`[127.0.0.1]:${host.port} ${host.hostKey.public}`));
  expect(await right.ping()).toMatchObject({ name: 'node-2' });
});

test('a key that the host does not take, and one that is none', async () => {
  const { at } = await setUp();
  const refused = await failureOf(at({ key: { file: '/key' } }, makeSshKey().private).ping());
  expect(refused.kind).toBe('WrongCredentials');
  expect(refused.message).toMatch(/^127\.0\.0\.1 does not let rekindle in/);
  const secret = 'no-key-but-a-secret';
  const none = await failureOf(at({}, secret).ping());
  expect(none.kind).toBe('WrongCredentials');
  expect(`${none.message} ${none.remedy}`).not.toContain(secret);
});

test.each([
  [
    { exitCode: 1, says: 'permission denied while trying to connect to the docker API' },
    'AccessDenied',
    'usermod -aG docker rekindle',
  ],
  [{ exitCode: 127, says: 'sh: docker: not found' }, 'DockerUnreachable', 'docker-ce-cli'],
  [{ exitCode: 1, says: 'Cannot connect to the Docker daemon' }, 'DockerUnreachable', 'systemctl start docker'],
])('what the host says instead of an answer: %j', async (failing, kind, remedy) => {
  const { at } = await setUp({ failing });
  const failure = await failureOf(at().ping());
  expect(failure.kind).toBe(kind);
  expect(failure.remedy).toContain(remedy);
});

test('nothing listens there', async () => {
  const { host, at } = await setUp();
  await host.close();
  expect(await failureOf(at().ping())).toMatchObject({
    kind: 'DockerUnreachable',
    message: expect.stringContaining('no SSH server listens there') as string,
  });
});

test("what needs the host's own network is refused with the remedy", async () => {
  const { at } = await setUp();
  const failure = await failureOf(at().reach('demo_elasticsearch_1', 9200));
  expect(failure.kind).toBe('HostWorkerMissing');
  expect(failure.message).toContain('Port 9200 of container demo_elasticsearch_1');
  expect(failure.remedy).toContain('run a worker on that host');
});
