import { traceTargetOf } from '../../../config/trace-target.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { exportTrace } from '../../../operations/traces/export-trace.ts';
import { useAtEnd } from '../../at-end.ts';
import { startReceiver, type Answer } from '../../receiver.ts';

const atEnd = useAtEnd();
const minute = (number: number) => `2026-11-21T09:${String(number).padStart(2, '0')}:00.500Z`;
const nanoseconds = (number: number) => `${Date.parse(minute(number))}000000`;

const report: RunProgress = {
  run: 'restore/demo/1',
  kind: 'restore',
  platform: 'demo',
  phase: 'passed',
  verdict: 'pass',
  recoveryPoint: { id: '2026-11-21t0830z', startedAt: '2026-11-21T08:30:00.000Z' },
  planHash: 'c0ffee',
  startedAt: minute(0),
  startedBy: { how: 'incident', name: 'incident/pd-1' },
  finishedAt: minute(40),
  approvals: [{ by: 'ann', at: minute(10), how: 'update' }],
  waits: [
    { for: 'approval', startedAt: minute(1), finishedAt: minute(10) },
    { for: 'decision', startedAt: minute(21), finishedAt: minute(30) },
  ],
  steps: [
    {
      id: 'stop-api',
      action: 'stopService',
      title: 'stop service api',
      status: 'done',
      startedAt: minute(11),
      finishedAt: minute(12),
      attempts: 3,
    },
    {
      id: 'restore-documents',
      action: 'restoreIndices',
      title: 'restore indices documents',
      status: 'skipped',
      firstStartedAt: minute(12),
      startedAt: minute(20),
      finishedAt: minute(21),
      summary: 'shard 1 is away',
      attempts: 2,
    },
    { id: 'start-api', action: 'startService', title: 'start service api', status: 'waiting' },
  ],
  checks: [],
  pendingDecisions: [],
  decisions: [
    { step: 'restore-documents', choice: 'retry', by: 'ann', at: minute(20) },
    { step: 'restore-documents', choice: 'skip', by: 'bob', at: minute(30) },
  ],
};

/** As OTLP has it in JSON. */
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number; message?: string };
  attributes: { key: string; value: Record<string, unknown> }[];
}
type Exported = { resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[] };

async function collector(answer?: () => Answer) {
  const receiver = await startReceiver(answer);
  atEnd(() => receiver.close());
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20T0KEN-0123456789',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
  };
  const send = (more: object = {}, execution = 'e1') => exportTrace({ ...variables, ...more }, { report, execution });
  const spans = (index: number) =>
    (receiver.received[index]!.json as unknown as Exported).resourceSpans
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans);
  return { receiver, send, spans };
}

test('one trace: the run, within it its waits and steps with their true times', async () => {
  const { receiver, send, spans } = await collector();
  expect(await send()).toBeUndefined();
  expect(receiver.received).toMatchObject([
    {
      method: 'POST',
      path: '/v1/traces',
      headers: { authorization: 'Bearer T0KEN-0123456789', 'content-type': 'application/json' },
    },
  ]);
  const [run, ...inside] = spans(0);
  expect(run).toMatchObject({
    name: 'restore demo',
    startTimeUnixNano: nanoseconds(0),
    endTimeUnixNano: nanoseconds(40),
    status: { code: 1 },
    attributes: expect.arrayContaining([
      { key: 'rekindle.incident', value: { stringValue: 'incident/pd-1' } },
      { key: 'rekindle.verdict', value: { stringValue: 'pass' } },
      { key: 'rekindle.recovery_point', value: { stringValue: '2026-11-21t0830z' } },
      { key: 'rekindle.approved_by', value: { arrayValue: { values: [{ stringValue: 'ann' }] } } },
    ]) as unknown[],
  });
  expect(run?.parentSpanId).toBeUndefined();
  expect(
    inside.map(({ name, startTimeUnixNano, endTimeUnixNano }) => [name, startTimeUnixNano, endTimeUnixNano]),
  ).toEqual([
    ['wait for approval', nanoseconds(1), nanoseconds(10)],
    ['wait for decision', nanoseconds(21), nanoseconds(30)],
    ['stop service api', nanoseconds(11), nanoseconds(12)],
    ['restore indices documents', nanoseconds(12), nanoseconds(21)],
  ]);
  for (const span of inside) expect(span).toMatchObject({ traceId: run?.traceId, parentSpanId: run?.spanId });
  expect(inside[2]?.attributes).toContainEqual({ key: 'rekindle.attempts', value: { intValue: 3 } });
  expect(inside[3]?.status).toEqual({ code: 2, message: 'shard 1 is away' });
  const exported = receiver.received[0]?.json as unknown as Exported;
  expect(exported.resourceSpans[0]?.resource.attributes).toEqual(
    expect.arrayContaining([
      { key: 'service.name', value: { stringValue: 'rekindle' } },
      { key: 'deployment.environment.name', value: { stringValue: 'prod' } },
    ]),
  );
});

test('sent again it is the same trace; another execution under the same id is another', async () => {
  const { send, spans } = await collector();
  await send();
  await send();
  await send({}, 'e2');
  const ids = (index: number) => spans(index).map(({ traceId, spanId }) => `${traceId} ${spanId}`);
  expect(ids(1)).toEqual(ids(0));
  expect(new Set(ids(0)).size).toBe(5);
  expect(ids(0)[0]).toMatch(/^[0-9a-f]{32} [0-9a-f]{16}$/);
  expect(spans(2)[0]?.traceId).not.toBe(spans(0)[0]?.traceId);
});

test.each<[string, () => Answer, RegExp]>([
  [
    'refuses',
    () => ({ status: 401 }),
    /^The trace of restore\/demo\/1 could not be exported: the collector answered 401$/,
  ],
  ['never answers', () => undefined, /the collector cannot be reached/],
])('a collector that %s is a sentence, not a failure', async (_what, answer, wanted) => {
  const { send, receiver } = await collector(answer);
  const why = await send({ OTEL_EXPORTER_OTLP_TIMEOUT: '300' });
  expect(why).toMatch(wanted);
  expect(why).not.toContain(String(receiver.port));
});

test('a collector that is not there is a sentence, too', async () => {
  const { send } = await collector();
  expect(
    await send({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces',
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    }),
  ).toMatch(/cannot be reached/);
});

test.each<[string, NodeJS.ProcessEnv, string | undefined]>([
  ['nothing is set', {}, undefined],
  ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
  ['a base', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, 'http://c:4318/v1/traces'],
  [
    'that of traces, as it is',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x' },
    'http://t/x',
  ],
  ['switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, undefined],
  ['no exporter of traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, undefined],
])('the endpoint: %s', (_what, variables, url) => expect(traceTargetOf(variables)?.url).toBe(url));
