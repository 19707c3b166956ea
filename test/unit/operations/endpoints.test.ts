import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../../config/environment.ts';
import { checkEndpoint } from '../../../operations/preflight/endpoint.ts';
import { dependenciesOf, openPlatform } from '../../../operations/open-platform.ts';
import { useAtEnd } from '../../at-end.ts';

const atTestEnd = useAtEnd();

const platformFile = (more: { address?: string; hosts?: string; smoke?: string } = {}) => `
platform: demo
deployment:
  kind: compose
  project: demo
  host: node-1
  ${more.hosts ?? ''}
  data: [elasticsearch]
  core: [api]
stores:
  - name: documents
    kind: elasticsearch
    service: elasticsearch
    ${more.address ?? ''}
    indices: ['nuvla-*']
    repository: { name: backups, type: fs, settings: { location: /backups } }
catalogue: { kind: directory, path: /catalogue }
smoke: [${more.smoke ?? ''}]
`;

async function setUp(file: string, host: string) {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  atTestEnd(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'demo.yaml'), file);
  await writeFile(join(folder, 'hosts.txt'), "hosts: { node-1: { docker: 'ssh://ops@node-1.internal' } }");
  const environment = readEnvironment({
    HOME: folder,
    REKINDLE_PLATFORMS: folder,
    REKINDLE_HOST: host,
    REKINDLE_HOSTS_FILE: join(folder, 'hosts.txt'),
    DOCKER_HOST: 'unix:///own.sock',
  });
  return dependenciesOf(environment);
}

test('a platform on a host of the hosts file is worked on through its endpoint, by commands as well', async () => {
  const open = await openPlatform(await setUp(platformFile(), 'laptop'), 'demo');
  expect(open.host).toBe('node-1');
  expect(open.docker).toMatchObject({ address: 'ssh://ops@node-1.internal', remote: true });
});

test('of several hosts, only those of the hosts file are', async () => {
  const file = platformFile({ hosts: 'hosts: { api: node-2 }', address: 'address: node-1.internal' });
  const dependencies = await setUp(file, 'node-2');
  expect((await openPlatform(dependencies, 'demo')).docker.address).toBe('unix:///own.sock');
  // As the worker does the work of that host's queue.
  const there = { ...dependencies, environment: { ...dependencies.environment, host: 'node-1' } };
  const open = await openPlatform(there, 'demo');
  expect(open.docker.address).toBe('ssh://ops@node-1.internal');
  // Preflight reads the hosts file there as well, whose entry is that host's own.
  expect(await open.exposedKeys()).toEqual([]);
});

test('preflight names at once all that an endpoint does not reach', async () => {
  const smoke = '{ service: api, port: 8080, path: /healthz, expectStatus: 200 }';
  const open = await openPlatform(await setUp(platformFile({ smoke }), 'laptop'), 'demo');
  const check = checkEndpoint(open);
  expect(check).toMatchObject({ name: 'endpoint', verdict: 'fail' });
  expect(check?.evidence).toMatch(/the store documents has no address, the smoke check .* asks a container/);
  expect(check?.remedy).toContain('or run a worker on node-1');
});

test('preflight passes when every store has an address, and says nothing of engines of this machine', async () => {
  const file = platformFile({ address: 'address: node-1.internal' });
  expect(checkEndpoint(await openPlatform(await setUp(file, 'laptop'), 'demo'))).toMatchObject({ verdict: 'pass' });
  const elsewhere = file.replace('host: node-1', 'host: laptop');
  expect(checkEndpoint(await openPlatform(await setUp(elsewhere, 'laptop'), 'demo'))).toBeUndefined();
});

test("this worker's own name in the hosts file is refused", async () => {
  await expect(setUp(platformFile(), 'node-1')).rejects.toMatchObject({ kind: 'InvalidHostsFile' });
});
