import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openPlatform } from '../../../operations/open-platform.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { startGateway, type Gateway } from '../../../gateway/gateway.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { writtenCatalogue, type WrittenCatalogue } from './catalogue.ts';

export let folder: string;
let undo: (() => Promise<unknown>)[];
export let gateway: Gateway;

/** A folder of platform files for each test; what the test opened ends with it. */
export function useGateway(): void {
  beforeEach(async () => {
    undo = [];
    folder = await mkdtemp(join(tmpdir(), 'rkt-gateway-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
  });
  afterEach(async () => {
    for (const step of undo.toReversed()) await step();
  });
}

export async function startAt(address = '127.0.0.1:0', platforms = folder): Promise<Gateway> {
  const environment = readEnvironment({
    REKINDLE_PLATFORMS: platforms,
    REKINDLE_GATEWAY_ADDRESS: address,
    REKINDLE_STATE: join(folder, 'state'),
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    S3_SECRET: secret,
  });
  const started = await startGateway({
    environment,
    version: '0.0.0-test',
    openCatalogue: async (name) => (await openPlatform({ environment, docker: connectDocker() }, name)).catalogue,
  });
  undo.push(() => started.close());
  gateway = started;
  return started;
}

export const secret = 'a secret of the test';

export async function writePlatform(name: string, more: object = {}): Promise<WrittenCatalogue> {
  const repository = { name: 's3_backup', type: 's3' };
  const content = {
    platform: name,
    deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path: join(folder, 'catalogue') },
    backup: { schedule: '30 * * * *' },
    ...more,
  };
  await writeFile(join(folder, `${name}.yaml`), stringify(content));
  return writtenCatalogue(join(folder, 'catalogue'), name);
}

export const s3 = (endpoint: string) => ({
  catalogue: {
    kind: 's3',
    bucket: 'nowhere',
    endpoint,
    accessKey: { env: 'S3_SECRET' },
    secretKey: { env: 'S3_SECRET' },
  },
});

export async function get(
  path: string,
): Promise<{ status: number; type: string; text: string; json: unknown; seconds: number }> {
  const began = Date.now();
  const answer = await fetch(gateway.url + path);
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const json: unknown = type.startsWith('application/json') ? JSON.parse(text) : undefined;
  return { status: answer.status, type, text, json, seconds: (Date.now() - began) / 1000 };
}

/** What is seen within some seconds is given again: asks until it is another. */
export async function eventually(path: string, status: number): Promise<Awaited<ReturnType<typeof get>>> {
  const until = Date.now() + 15_000;
  for (;;) {
    const answer = await get(path);
    if (answer.status === status || Date.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Takes connections, and says nothing. */
export async function silentServer(): Promise<{ endpoint: string }> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
