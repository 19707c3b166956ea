import { createHmac } from 'node:crypto';

// What the tools send, as their documentation and real servers show it.

export const pagerduty = (type: string, more: { id?: string; incident?: string; at?: string; data?: object } = {}) => ({
  event: {
    id: more.id ?? '01D1-0001',
    event_type: type,
    resource_type: 'incident',
    occurred_at: more.at ?? '2026-01-31T03:00:00.000Z',
    agent: { html_url: 'https://acme.pagerduty.com/users/P1USR02', id: 'P1USR02', type: 'user_reference' },
    client: null,
    data: {
      id: more.incident ?? 'PGR0VU2',
      type: 'incident',
      self: 'https://api.pagerduty.com/incidents/PGR0VU2',
      html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
      number: 2,
      status: 'triggered',
      incident_key: 'd3640fbd41094207a1c11e58e46b1662',
      created_at: '2026-01-31T03:00:00Z',
      title: 'Elasticsearch of nuvla is down',
      service: { html_url: 'https://acme.pagerduty.com/services/P1SRV01', id: 'P1SRV01', summary: 'Nuvla' },
      assignees: [{ id: 'P1USR01', summary: 'User 123' }],
      escalation_policy: { id: 'P1ESC01', summary: 'Default' },
      teams: [{ id: 'P1TEAM1', summary: 'Engineering' }],
      priority: { id: 'P1PRI01', summary: 'P1' },
      urgency: 'high',
      conference_bridge: null,
      resolve_reason: null,
      ...more.data,
    },
  },
});

export const alert = (name: string, startsAt: string, endsAt?: string) => ({
  status: endsAt === undefined ? 'firing' : 'resolved',
  labels: { alertname: name, instance_platform: 'nuvla', severity: 'critical' },
  annotations: { summary: `${name} is bad` },
  startsAt,
  endsAt: endsAt ?? '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
  fingerprint: Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16),
});

export const alertmanager = (...alerts: ReturnType<typeof alert>[]) => ({
  receiver: 'rekindle',
  status: alerts.every(({ status }) => status === 'resolved') ? 'resolved' : 'firing',
  alerts,
  groupLabels: { instance_platform: 'nuvla' },
  commonLabels: { instance_platform: 'nuvla', severity: 'critical' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  version: '4',
  groupKey: '{}:{instance_platform="nuvla"}',
  truncatedAlerts: 0,
});

export const opsgenie = (action: string, updatedAt = 1_769_828_400_000) => ({
  action,
  alert: {
    alertId: '052652ac-5d1c-464a-812a-7dd18bbfba8c',
    message: 'Elasticsearch is down',
    tags: ['es', 'prod'],
    tinyId: '10',
    entity: 'es01',
    alias: 'es01-down',
    createdAt: 1_769_828_400_000,
    updatedAt,
    username: 'fili@ifountain.com',
    details: { instance_platform: 'nuvla' },
    priority: 'P1',
    source: 'prometheus',
  },
  source: { name: 'web', type: 'API' },
  integrationName: 'Rekindle',
  integrationId: '4513b7ea-3b91-438f-b7e4-e3e54af9147c',
});

export const generic = (what = 'opened', more: object = {}) => ({
  incident: 'INC-7',
  what,
  title: 'The shop is down',
  labels: { service: 'Nuvla' },
  ...more,
});

export const sign = (body: string, ...keys: string[]) => ({
  'x-pagerduty-signature': keys.map((key) => `v1=${createHmac('sha256', key).update(body).digest('hex')}`).join(','),
});
