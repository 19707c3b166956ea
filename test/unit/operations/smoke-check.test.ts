import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../../../domain/failures.ts';
import type { StepCall } from '../../../domain/runs/run.ts';
import type { SmokeCheck } from '../../../domain/smoke-checks.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { smokeCheck } from '../../../operations/smoke/smoke-check.ts';
import { useAtEnd } from '../../at-end.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { fakeElasticsearch } from '../../fake-elasticsearch.ts';
import { swarmPlatform } from '../../swarm-situation.ts';

const atEnd = useAtEnd();

/** Counts its requests; healthy from the second one on. */
let server: Server;
let asked: { url: string | undefined; token: string | undefined }[];
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push({ url: request.url, token: request.headers['x-token'] as string | undefined });
    response.statusCode = asked.length > 1 ? 200 : 503;
    response.end(JSON.stringify({ status: 'up' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

async function check(smoke: SmokeCheck[], more: Partial<OpenPlatform> = {}) {
  const { port } = server.address() as AddressInfo;
  const open = {
    platform: { ...demoPlatform(), smoke },
    reachService: () => Promise.resolve({ host: '127.0.0.1', port }),
    secret: () => Promise.resolve('secret-token'),
    ...more,
  } as unknown as OpenPlatform;
  const { signal } = new AbortController();
  return smokeCheck(open, {} as StepCall<'smokeCheck'>, { signal, onProgress: () => undefined });
}
const within = { timeoutSeconds: 5 };

test('HTTP: asked again until it holds, with the headers that are given by reference', async () => {
  const { checks } = await check([
    {
      ...within,
      service: 'api',
      port: 8080,
      path: '/healthz',
      headers: { 'x-token': { env: 'TOKEN' } },
      expectStatus: 200,
      expectJson: [{ pointer: '/status', equals: 'up' }],
    },
  ]);
  expect(checks).toMatchObject([
    { name: 'smoke api/healthz', verdict: 'pass', evidence: 'api/healthz answered 200, /status is "up"' },
  ]);
  expect(asked).toEqual([
    { url: '/healthz', token: 'secret-token' },
    { url: '/healthz', token: 'secret-token' },
  ]);
});

test('TCP: something listens', async () => {
  const { summary } = await check([{ ...within, kind: 'tcp', service: 'api', port: 8080 }]);
  expect(summary).toBe('api:8080 takes connections');
});

test('a command runs in a container that runs', async () => {
  const ran: unknown[] = [];
  const docker = {
    exec: (container: string, command: string[]) => {
      ran.push([container, ...command]);
      return Promise.resolve({ exitCode: 0, stdout: 'ready', stderr: '' });
    },
  };
  const containers = [
    { name: 'api-1', running: false },
    { name: 'api-2', running: true },
  ];
  const { summary } = await check(
    [{ ...within, kind: 'command', service: 'api', command: ['app', 'ping'], expectExitCode: 0 }],
    { docker: docker as never, containersOf: () => Promise.resolve(containers as never) },
  );
  expect(summary).toBe('api: app ping ended with 0');
  expect(ran).toEqual([['api-2', 'app', 'ping']]);
});

test('a query is counted, and a pattern without an index is no answer', async () => {
  const { client, asked: requests } = await fakeElasticsearch(
    ({ path }) => (path === '/nuvla-*/_count' ? { body: { count: 12 } } : undefined),
    atEnd,
  );
  const query: SmokeCheck = {
    ...within,
    kind: 'query',
    store: 'documents',
    index: 'nuvla-*',
    query: { term: { state: 'STARTED' } },
    atLeast: 10,
  };
  const { summary } = await check([query], { elasticsearch: () => Promise.resolve(client) });
  expect(summary).toBe('documents/nuvla-* {"term":{"state":"STARTED"}} 12 documents');
  expect(requests[0]?.query.get('allow_no_indices')).toBe('false');
  expect(requests[0]?.body).toEqual({ query: { term: { state: 'STARTED' } } });
});

test('one that never holds fails with what was found last, and with what to do', async () => {
  const refused = check([{ timeoutSeconds: 1, kind: 'tcp', service: 'api', port: 1 }], {
    reachService: () =>
      Promise.reject(new Failure('ServiceUnhealthy', { message: 'nothing listens at api:1', remedy: '' })),
  });
  await expect(refused).rejects.toMatchObject({
    kind: 'ServiceUnhealthy',
    message:
      'The smoke check api:1 did not hold within 1 s: no answer (nothing listens at api:1), a connection is expected',
    remedy: expect.stringContaining('logs of api') as string,
  });
});

describe('a core service of a swarm', () => {
  const tcp: SmokeCheck = { ...within, timeoutSeconds: 1, kind: 'tcp', service: 'api', port: 8080 };
  const onSwarm = (more: Partial<OpenPlatform>) =>
    check([tcp], {
      platform: { ...swarmPlatform(), smoke: [tcp] },
      host: 'machine',
      docker: { nodeElsewhere: (unit: string) => Promise.resolve(unit === 'service:demo_api' ? 'other' : undefined) },
      reachService: () => Promise.reject(new Error('not here')),
      ...more,
    } as unknown as Partial<OpenPlatform>);

  test('on another node: the worker there is asked', async () => {
    const ask = (node: string, question: string, { title }: { title: string }) =>
      Promise.resolve({ holds: node === 'other' && question === 'smoke', found: `${title} asked on ${node}` });
    const { checks } = await onSwarm({ ask: ask as unknown as OpenPlatform['ask'] });
    expect(checks).toMatchObject([{ verdict: 'pass', evidence: 'api:8080 api:8080 asked on other' }]);
  });

  test('on a node without a worker: said so, and nobody waits for an answer', async () => {
    const assertWorkers = () => Promise.reject(new Error('No worker serves the host "other"'));
    await expect(onSwarm({ assertWorkers })).rejects.toThrow(/no answer \(No worker serves the host "other"\)/);
  });
});
