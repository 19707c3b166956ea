import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usualDrill } from '../../../domain/drills/drill-policy.ts';
import { platformInScene } from '../../../domain/drills/platform-in-scene.ts';
import { sceneOf } from '../../../domain/drills/scene.ts';
import type { StepCall } from '../../../domain/runs/run.ts';
import type { SmokeCheck } from '../../../domain/smoke-checks.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { smokeCheck } from '../../../operations/smoke/smoke-check.ts';
import { connectElasticsearch } from '../../../systems/elasticsearch/client.ts';
import { useAtEnd } from '../../at-end.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { drillRun } from '../../drill-situation.ts';
import { fakeElasticsearch } from '../../fake-elasticsearch.ts';

const atEnd = useAtEnd();
let server: Server;
beforeAll(async () => {
  server = createServer((_request, response) => response.end(JSON.stringify({ status: 'starting', queue: 7 })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const patience = { timeoutSeconds: 1 };
const http = {
  ...patience,
  service: 'api',
  port: 8080,
  path: '/healthz',
  headers: {},
  expectStatus: 200,
  expectJson: [],
};
const command = { ...patience, kind: 'command' as const, service: 'api', command: ['app', 'ping'], expectExitCode: 0 };
const query = { ...patience, kind: 'query' as const, store: 'documents', index: 'nuvla-job' };
const tcp = { ...patience, kind: 'tcp' as const, service: 'zookeeper', port: 2181 };

/** The step as a drill carries it out: on the platform in its scene, where api answers 200 and 12 jobs are found. */
async function inDrill(check: SmokeCheck, listens = true) {
  const platform = {
    ...demoPlatform(),
    smoke: [check],
    drill: { ...usualDrill, core: ['api'] },
  };
  const inScene = platformInScene(platform, sceneOf(platform, { run: drillRun, id: 'ab12cd34' }));
  expect(inScene.smoke).toHaveLength(1);
  const { url } = await fakeElasticsearch(
    ({ path }) => (path === '/nuvla-job/_count' ? { body: { count: 12 } } : undefined),
    atEnd,
  );
  const { port } = server.address() as AddressInfo;
  const open = {
    platform: inScene,
    host: 'machine',
    reachService: () =>
      listens ? Promise.resolve({ host: '127.0.0.1', port }) : Promise.reject(new Error('ECONNREFUSED')),
    containersOf: () => Promise.resolve([{ name: 'rekindle-drill-ab12cd34-api', running: true }]),
    docker: { exec: () => Promise.resolve({ exitCode: 0, stdout: 'warming up\n', stderr: '' }) },
    // Each question has a client of its own, as in a run.
    elasticsearch: () =>
      Promise.resolve(connectElasticsearch({ scheme: 'http', host: url.hostname, port: Number(url.port) })),
  } as unknown as OpenPlatform;
  return smokeCheck(open, {} as StepCall<'smokeCheck'>, { onProgress: () => undefined });
}

test.each<[string, SmokeCheck, string]>([
  ['HTTP status', { ...http, expectStatus: 204 }, 'api/healthz did not hold within 1 s: answered 200, 204 is expected'],
  [
    'HTTP, JSON path',
    { ...http, expectJson: [{ pointer: '/status', equals: 'up' }] },
    'api/healthz did not hold within 1 s: answered 200, /status is "starting", not "up"',
  ],
  [
    'a command, exit code',
    { ...command, expectExitCode: 3 },
    'api: app ping did not hold within 1 s: ended with 0, 3 is expected',
  ],
  [
    'a command, output',
    { ...command, expectOutput: 'pong' },
    'api: app ping did not hold within 1 s: ended with 0, its output lacks "pong": "warming up"',
  ],
  [
    'a query',
    { ...query, atLeast: 20, atMost: 30 },
    'documents/nuvla-job did not hold within 1 s: 12 documents, 20 to 30 is expected',
  ],
])(
  '%s that does not hold fails the step of a drill, with what was expected and what was found',
  async (_, check, message) => {
    await expect(inDrill(check)).rejects.toMatchObject({
      kind: 'ServiceUnhealthy',
      message: `The smoke check ${message}`,
    });
  },
);

test('what nobody answers fails it as well', async () => {
  await expect(inDrill(tcp, false)).rejects.toMatchObject({
    kind: 'ServiceUnhealthy',
    message:
      'The smoke check zookeeper:2181 did not hold within 1 s: no answer (ECONNREFUSED), a connection is expected',
  });
});

test('each that holds is a check of the drill', async () => {
  const all: SmokeCheck[] = [
    { ...http, expectJson: [{ pointer: '/queue', atMost: 9 }] },
    { ...command, expectOutput: 'warming' },
    { ...query, atLeast: 12, atMost: 12 },
    tcp,
  ];
  const checks = (await Promise.all(all.map((check) => inDrill(check)))).flatMap((outcome) => outcome.checks ?? []);
  expect(checks.map(({ verdict, evidence }) => [verdict, evidence])).toEqual([
    ['pass', 'api/healthz answered 200, /queue is 7'],
    ['pass', 'api: app ping ended with 0, its output holds "warming"'],
    ['pass', 'documents/nuvla-job 12 documents'],
    ['pass', 'zookeeper:2181 takes connections'],
  ]);
});
