import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readEnvironment } from '../../../config/environment.ts';
import type { IncidentReport } from '../../../domain/incidents/report-back.ts';
import { tellIncident } from '../../../operations/incidents/tell-incident.ts';
import { startReceiver, type Answer, type TestReceiver } from '../../receiver.ts';

const secrets = {
  API: 'api-t0ken-0123456789',
  CHANGE: 'change-k3y-0123456789',
  SIGN: 'sign',
  CALL: 'call-t0ken-0123456',
};
const report: IncidentReport = {
  source: 'pagerduty',
  incident: 'P1/x',
  id: 'abc',
  platform: 'nuvla',
  text: 'restore/nuvla/1 goes on, approved by ann',
  at: '2026-11-28T03:00:00.000Z',
  run: 'restore/nuvla/1',
  change: true,
};

/** Sends it to one receiver, which stands for every tool. */
async function told(
  change: Partial<IncidentReport>,
  { answer, file, variables = secrets }: { answer?: () => Answer; file?: string; variables?: NodeJS.ProcessEnv } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-incidents-'));
  const receiver = await startReceiver(answer);
  try {
    const path = join(folder, 'incidents.yaml');
    const content = file ?? {
      sources: sourcesAt(receiver),
      rules: [{ match: {}, platform: 'nuvla', action: 'check' }],
    };
    await writeFile(path, typeof content === 'string' ? content : stringify(content));
    const environment = readEnvironment({
      ...variables,
      HOME: folder,
      REKINDLE_INCIDENTS_FILE: path,
      REKINDLE_URL: 'https://rekindle.example/',
    });
    const receipts = await tellIncident(environment, { ...report, ...change }, new AbortController().signal);
    return { receipts, received: receiver.received, host: new URL(receiver.url).host };
  } finally {
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const sourcesAt = ({ url }: TestReceiver) => ({
  pagerduty: {
    keys: [{ env: 'SIGN' }],
    apiToken: { env: 'API' },
    from: 'rekindle@example.org',
    changeKey: { env: 'CHANGE' },
    apiUrl: url,
    eventsUrl: `${url}/`,
  },
  opsgenie: { bearer: { env: 'SIGN' }, apiKey: { env: 'API' }, apiUrl: url },
  generic: { bearer: { env: 'SIGN' }, callback: { url: `${url}/done?who=me`, token: { env: 'CALL' } } },
  alertmanager: { bearer: { env: 'SIGN' } },
});

test('PagerDuty gets a note with the links, and a change event for what was done to the platform', async () => {
  const { receipts, received } = await told({});
  expect(receipts).toEqual([{ to: 'pagerduty note' }, { to: 'pagerduty change event' }]);
  const note = received.find(({ path }) => path === '/incidents/P1%2Fx/notes');
  expect(note?.headers).toMatchObject({
    authorization: `Token token=${secrets.API}`,
    from: 'rekindle@example.org',
    accept: 'application/vnd.pagerduty+json;version=2',
  });
  expect(note?.json).toEqual({
    note: {
      content: [
        'Rekindle: restore/nuvla/1 goes on, approved by ann',
        'The incident: https://rekindle.example/#/incidents/abc',
        'restore/nuvla/1: https://rekindle.example/#/runs/restore%2Fnuvla%2F1',
      ].join('\n'),
    },
  });
  const change = received.find(({ path }) => path === '/v2/change/enqueue');
  expect(change?.json).toMatchObject({
    routing_key: secrets.CHANGE,
    payload: { summary: 'nuvla: restore/nuvla/1 goes on, approved by ann', timestamp: report.at },
    links: [{ href: 'https://rekindle.example/#/incidents/abc' }, { text: 'restore/nuvla/1' }],
  });
  const { received: alone } = await told({ change: undefined });
  expect(alone.map(({ path }) => path)).toEqual(['/incidents/P1%2Fx/notes']);
  const { received: rest } = await told({ only: ['pagerduty change event'] });
  expect(rest.map(({ path }) => path)).toEqual(['/v2/change/enqueue']);
});

test('Opsgenie gets a note, a generic source a document with the same key each time, Alertmanager nothing', async () => {
  const opsgenie = await told({ source: 'opsgenie' });
  expect(opsgenie.received).toMatchObject([
    { path: '/v2/alerts/P1%2Fx/notes?identifierType=id', headers: { authorization: `GenieKey ${secrets.API}` } },
  ]);
  const [first, second] = [await told({ source: 'generic' }), await told({ source: 'generic' })];
  expect(first.received).toMatchObject([
    {
      path: '/done?who=me',
      headers: { authorization: `Bearer ${secrets.CALL}` },
      json: {
        version: 1,
        incident: 'P1/x',
        workflow: 'incident/abc',
        platform: 'nuvla',
        run: report.run,
        change: true,
      },
    },
  ]);
  expect(first.received[0]?.headers['idempotency-key']).toBe(first.received[0]?.json['id']);
  expect(second.received[0]?.json['id']).toBe(first.received[0]?.json['id']);
  expect(await told({ source: 'alertmanager' })).toMatchObject({ receipts: [], received: [] });
});

test('a tool that refuses is not asked again, one that is down is; neither address nor secret is named', async () => {
  const refused = await told({ change: undefined }, { answer: () => ({ status: 403 }) });
  expect(refused.receipts).toEqual([{ to: 'pagerduty note', trouble: `${refused.host}: it answered 403` }]);
  const down = await told({ source: 'generic' }, { answer: () => ({ status: 503 }) });
  expect(down.receipts).toEqual([{ to: 'generic callback', trouble: `${down.host}: it answered 503`, again: true }]);
});

test('without its secrets or its file, it says which, and what can be repaired is tried again', async () => {
  const { receipts } = await told({ change: undefined }, { variables: { SIGN: 'x' } });
  expect(receipts).toEqual([
    { to: 'pagerduty note', trouble: expect.stringContaining('sources.pagerduty.apiToken') as string, again: true },
  ]);
  const broken = await told({}, { file: 'sources: [' });
  expect(broken.receipts).toMatchObject([{ to: 'pagerduty', again: true }]);
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-incidents-'));
  const absent = {
    ...readEnvironment({ HOME: folder }),
    incidentsFile: { path: join(folder, 'no.yaml'), given: false },
  };
  expect(await tellIncident(absent, report, new AbortController().signal)).toMatchObject([
    { to: 'pagerduty', trouble: expect.stringContaining("no incidents' file") as string },
  ]);
  await rm(folder, { recursive: true, force: true });
});
