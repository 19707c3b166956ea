// cspell:ignore pagey
import { alert, alertmanager, generic, opsgenie, pagerduty, sign } from './bodies.ts';
import {
  delivered,
  incidents,
  keys,
  log,
  post,
  postAlerts,
  postGeneric,
  postSigned,
  start,
  token,
  until,
  useIncidents,
} from './incidents-scene.ts';

useIncidents();
beforeEach(() => start());

const bearer = { authorization: `Bearer ${token}` };
const restoreOfNuvla = { platform: 'nuvla', action: 'restore', rule: 'rules[0]' };

describe('PagerDuty', () => {
  test('signed by any of its keys: accepted, and handed to its workflow', async () => {
    const answer = await postSigned(pagerduty('incident.triggered'), 'of somebody else', keys.old);
    expect(answer).toMatchObject({ status: 202, json: { answer: 'Accepted: opened, restore of nuvla' } });
    await until(() => delivered.length === 1);
    expect(delivered[0]).toMatchObject({
      id: answer.json.incident,
      ...restoreOfNuvla,
      event: {
        source: 'pagerduty',
        incident: 'PGR0VU2',
        delivery: 'pagerduty 01D1-0001',
        what: 'opened',
        title: 'Elasticsearch of nuvla is down',
        labels: { service: 'Nuvla', priority: 'P1', team: 'Engineering', urgency: 'high' },
        url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
        at: '2026-01-31T03:00:00.000Z',
      },
    });
  });

  test('forged, changed on the way, cut short, or not signed: 401, and the log says so', async () => {
    const body = JSON.stringify(pagerduty('incident.triggered'));
    const { status, json } = await post('pagerduty', body, sign(body, 'a guess'));
    expect(status).toBe(401);
    expect(json.failure?.message).toBe(
      'This is not proven to come from pagerduty: the signature fits none of the keys',
    );
    expect(await post('pagerduty', `${body} `, sign(body, keys.new))).toMatchObject({ status: 401 });
    expect(await post('pagerduty', body.slice(0, 200), sign(body, keys.new))).toMatchObject({ status: 401 });
    expect(await post('pagerduty', body)).toMatchObject({ status: 401 });
    expect(await post('pagerduty', body, { 'x-pagerduty-signature': 'v1=,v1=zz' })).toMatchObject({ status: 401 });
    expect(log).toContain('Request of an incident tool refused');
    expect(log).not.toContain(keys.new);
    expect(delivered).toEqual([]);
  });

  test('a clock that is a day off, a service that concerns nobody, news of no incident: 2xx', async () => {
    const tomorrow = pagerduty('incident.triggered', { at: '2026-02-01T03:00:00Z', id: 'a', incident: 'Q1' });
    expect(await postSigned(tomorrow)).toMatchObject({ status: 202 });
    const other = pagerduty('incident.triggered', { incident: 'Q2', id: 'b', data: { service: { summary: 'Mail' } } });
    expect(await postSigned(other)).toMatchObject({
      status: 200,
      json: { answer: 'Nothing is done: no rule fits its labels' },
    });
    expect(log).toContain('"service":"Mail"');
    const ping = { event: { id: 'c', event_type: 'pagey.ping', resource_type: 'pagey', data: { message: 'Hello' } } };
    expect(await postSigned(ping)).toMatchObject({ status: 200 });
    expect(await postSigned(pagerduty('incident.annotated'))).toMatchObject({ status: 200 });
  });

  test('signed but not readable: 2xx, since refusals would disable the webhook; the log says it loudly', async () => {
    for (const document of [
      {},
      { event: [] },
      { event: { id: 'x', event_type: 'incident.triggered', data: { id: {} } } },
    ])
      expect(await postSigned(document)).toMatchObject({ status: 200 });
    expect(log).toContain('event.data.id: expected a text');
  });
});

describe('Alertmanager', () => {
  const first = alertmanager(alert('Down', '2026-01-31T03:00:00Z'));

  test('a group is one incident, whoever sends it again; resolved ends it', async () => {
    const opened = await postAlerts(first);
    expect(opened).toMatchObject({ status: 202 });
    expect(await postAlerts(first)).toMatchObject({ status: 200, json: { answer: 'Nothing is done: duplicate' } });
    const ended = alertmanager(alert('Down', '2026-01-31T03:00:00Z', '2026-01-31T03:20:00Z'));
    expect(await postAlerts(ended)).toMatchObject({ status: 202, json: { incident: opened.json.incident } });
    await until(() => delivered.length === 2);
    expect(delivered.map(({ event }) => event.what)).toEqual(['opened', 'resolved']);
    expect(delivered[0]).toMatchObject({
      platform: 'nuvla',
      action: 'check',
      event: {
        incident: '{}:{instance_platform="nuvla"} since 2026-01-31T03:00:00.000Z',
        labels: { instance_platform: 'nuvla', severity: 'critical', receiver: 'rekindle' },
        url: 'http://prometheus:9090/graph?g0.expr=up',
      },
    });
  });

  test.each<[string, object, string]>([
    ['no start', { alerts: [{ ...alert('Down', 'yesterday') }] }, 'alerts[0].startsAt: expected a time'],
    ['a start that is no number', { alerts: [{ ...alert('Down', ''), startsAt: null }] }, 'alerts[0].startsAt'],
    ['another version', { version: '5' }, 'version: expected "4"'],
    ['no alerts', { alerts: [] }, 'alerts: expected a list of alerts'],
    ['alerts of a wrong type', { alerts: 'x' }, 'alerts: expected a list of alerts'],
    ['no group', { groupKey: undefined }, 'groupKey: expected a text'],
    ['another status', { status: 'unknown' }, 'status: expected firing or resolved'],
  ])('%s: 400 with the field', async (_, change, field) => {
    const { status, json } = await postAlerts({ ...first, ...change });
    expect(status).toBe(400);
    expect(json.failure?.message).toContain(field);
  });

  test('user or password wrong: 401', async () => {
    const authorization = `Basic ${Buffer.from('am:wrong').toString('base64')}`;
    expect(await post('alertmanager', JSON.stringify(first), { authorization })).toMatchObject({ status: 401 });
  });
});

test('Opsgenie: opened, a note (nothing), closed', async () => {
  const send = (document: object) => post('opsgenie', JSON.stringify(document), bearer);
  expect(await send(opsgenie('Create'))).toMatchObject({ status: 202 });
  expect(await send(opsgenie('AddNote'))).toMatchObject({ status: 200 });
  expect(await send(opsgenie('Close', 1_769_828_500_000))).toMatchObject({ status: 202 });
  await until(() => delivered.length === 2);
  expect(delivered[0]?.event).toMatchObject({
    title: 'Elasticsearch is down',
    labels: { tags: 'es,prod', priority: 'P1' },
  });
});

describe('generic', () => {
  test('the idempotency key says what is the same', async () => {
    expect(await postGeneric(generic(), 'a')).toMatchObject({ status: 202 });
    expect(await postGeneric(generic(), 'a')).toMatchObject({ status: 200 });
    expect(await postGeneric(generic('acknowledged'), 'b')).toMatchObject({ status: 202 });
    const { status, json } = await post('generic', JSON.stringify(generic()), bearer);
    expect([status, json.failure?.message]).toEqual([400, 'The header Idempotency-Key is missing']);
  });

  test.each<[string, object, string]>([
    ['a key that does not exist', { platform: 'nuvla' }, 'platform: unknown key'],
    ['another word', { what: 'exploded' }, 'what: expected one of opened, acknowledged, updated, resolved'],
    ['a time that is none', { at: 'NaN' }, 'at: expected a time in ISO 8601'],
    ['a link that could run code', { url: 'javascript:alert(1)' }, 'url: expected a URL (http, https)'],
    ['labels of a wrong type', { labels: 'x' }, 'labels: expected an object'],
  ])('%s: 400 with the field', async (_, change, field) => {
    const { status, json } = await postGeneric({ ...generic(), ...change }, 'k');
    expect(status).toBe(400);
    expect(json.failure?.message).toContain(field);
  });

  test('not UTF-8, cut short, enormous', async () => {
    const headers = { ...bearer, 'idempotency-key': 'a' };
    const bytes = Buffer.concat([Buffer.from('{"incident":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect((await post('generic', bytes, headers)).json.failure?.message).toBe('The body is not UTF-8');
    expect((await post('generic', '{"incident":', headers)).json.failure?.message).toContain('cut short');
    expect(await post('generic', Buffer.alloc(1024 * 1024 + 1, 32), headers)).toMatchObject({ status: 413 });
    expect(await post('generic', JSON.stringify(generic()), { 'idempotency-key': 'a' })).toMatchObject({ status: 401 });
  });

  test('long texts and control characters reach neither workflow nor log as they came', async () => {
    const title = `a\u0000\u001B[31m\n${'x'.repeat(5000)}`;
    const labels = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`label${index}`, 'y'.repeat(3000)]));
    await postGeneric(generic('opened', { title, labels: { service: 'Nuvla', ...labels } }), 'a');
    await until(() => delivered.length === 1);
    expect(delivered[0]?.event.title).toMatch(/^a \[31m x+…$/);
    expect(JSON.stringify(delivered[0]).length).toBeLessThan(30_000);
  });
});

test('metrics count by source and reason', async () => {
  await postGeneric(generic(), 'a');
  await postGeneric(generic(), 'a');
  await post('generic', '', {});
  await until(() => delivered.length === 1);
  const text = await incidents.metrics.registry.metrics();
  for (const line of [
    'rekindle_incident_events_received_total{source="generic"} 3',
    'rekindle_incident_events_accepted_total{source="generic"} 1',
    'rekindle_incident_events_dropped_total{source="generic",reason="duplicate"} 1',
    'rekindle_incident_events_refused_total{source="generic",reason="forged"} 1',
    'rekindle_incident_events_delivered_total{source="generic"} 1',
    'rekindle_incidents_file_valid 1',
    'rekindle_incident_events_waiting{source="generic"} 0',
  ])
    expect(text).toContain(line);
});
