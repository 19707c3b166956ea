import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readEnvironment } from '../../../config/environment.ts';
import { Failure } from '../../../domain/failures.ts';
import type { Dependencies } from '../../../operations/open-platform.ts';
import { awaitHealth } from '../../../operations/services/await-health.ts';
import { least } from '../config/platform-file-samples.ts';

let folder: string;
let server: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-health-'));
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const containers = [
  { name: 'elasticsearch-1', service: 'elasticsearch', running: true },
  { name: 'zookeeper-1', service: 'zookeeper', running: true },
  { name: 'api-1', service: 'api', running: true },
  { name: 'api-migrate-1', service: 'api', running: false, oneShot: true },
];
const smoke = (port: number) => [{ kind: 'tcp', service: 'api', port, timeoutSeconds: 600 }];

/** The platform of that file on an engine that has these containers; `calls`: what the engine was asked. */
async function see(
  {
    file = {},
    seen = containers,
    ran = [],
    ...engine
  }: { file?: object; seen?: object[]; ran?: string[]; [call: string]: unknown },
  timeoutSeconds = 5,
) {
  const catalogue = { kind: 'directory', path: folder };
  await writeFile(join(folder, 'demo.yaml'), stringify({ ...least, catalogue, ...file }));
  const calls: unknown[][] = [];
  const docker = {
    observe: () => Promise.resolve({ containers: seen }),
    awaitHealthy: (...asked: unknown[]) => {
      calls.push(['awaitHealthy', ...asked.slice(0, 2)]);
      return Promise.resolve({ 'api-1': 'now 0' });
    },
    confirmHealthy: (...asked: unknown[]) => Promise.resolve(void calls.push(['confirmHealthy', asked[0]])),
    serviceContainers: () => Promise.resolve([{ name: 'api-1', running: true }]),
    reach: (_: string, port: number) => Promise.resolve({ host: '127.0.0.1', port }),
    ...engine,
  };
  const environment = readEnvironment({ REKINDLE_PLATFORMS: folder, REKINDLE_HOST: 'machine' });
  const found = await awaitHealth({ environment, docker } as unknown as Dependencies, 'demo', {
    timeoutSeconds,
    ran,
  });
  return { found, calls };
}

const opened = () => (server.address() as AddressInfo).port;

test('containers, then smoke checks, then whether all still runs as it was started', async () => {
  const { found, calls } = await see({ file: { smoke: smoke(opened()) } });
  expect(found).toMatch(/^elasticsearch-1 healthy, .*api-migrate-1 healthy, api.* takes connections$/);
  expect(calls).toEqual([
    [
      'awaitHealthy',
      containers.map(({ name }) => name),
      expect.objectContaining({ timeoutSeconds: 5, oneShots: ['api-migrate-1'] }),
    ],
    ['confirmHealthy', { 'api-1': 'now 0' }],
  ]);
});

test('what ran before and has ended has not done its work: somebody stopped it', async () => {
  const { calls } = await see({ ran: ['zookeeper', 'api'] });
  expect(calls[0]).toEqual(['awaitHealthy', expect.any(Array), expect.objectContaining({ oneShots: [] })]);
});

test('a smoke check does not outlast the time that was given', async () => {
  const began = performance.now();
  await expect(see({ file: { smoke: smoke(1) } }, 1)).rejects.toMatchObject({
    kind: 'ServiceUnhealthy',
    message: expect.stringMatching(/did not hold within 1 s/) as string,
  });
  expect(performance.now() - began).toBeLessThan(60_000);
});

test('a container that is ill, or a service without one', async () => {
  const ill = new Failure('ServiceUnhealthy', { message: 'Container api-1 was not healthy within 5 s', remedy: '' });
  await expect(see({ awaitHealthy: () => Promise.reject(ill) })).rejects.toBe(ill);
  await expect(see({ seen: containers.slice(0, 2) })).rejects.toMatchObject({
    kind: 'ServiceNotFound',
    message: 'The service "api" has no container on machine',
  });
});

test('an engine that does not know the platform pretends nothing', async () => {
  const { deployment } = least;
  const why = async (more: Parameters<typeof see>[0]) => {
    const failure: unknown = await see(more).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'HostWorkerMissing' });
    return (failure as Failure).message.replace('Whether demo is healthy cannot be told from here: ', '');
  };
  expect(await why({ seen: [] })).toBe('the Docker engine of machine has no container of it');
  expect(await why({ file: { deployment: { ...deployment, host: 'north' } } })).toBe(
    'it lies on north, and this is machine',
  );
  const hosts = { api: 'south' };
  expect(await why({ file: { deployment: { ...deployment, host: 'north', hosts } } })).toBe(
    'its services lie on north, south',
  );
  const swarm = { kind: 'swarm', stack: 'demo', data: deployment.data, core: deployment.core };
  const nodeElsewhere = () => Promise.resolve('node-2');
  expect(await why({ file: { deployment: swarm, smoke: smoke(80) }, nodeElsewhere })).toBe(
    'a smoke check asks api, which runs on node-2',
  );
});
