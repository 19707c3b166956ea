import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readEnvironment } from '../../../../config/environment.ts';
import { startGateway, type Gateway } from '../../../../gateway/gateway.ts';
import { alert, alertmanager } from './bodies.ts';

// The gateway as it runs, with TLS and without a Temporal: an Alertmanager proves itself by its certificate.

let folder: string;
let gateway: Gateway;
const path = (name: string) => join(folder, name);
const file = `
sources: { alertmanager: { mtls: true } }
rules: [{ platform: { label: instance_platform }, action: check }]
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-whole-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  for (const name of ['server', 'client', 'other']) {
    const out = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', ...subject, ...out], { stdio: 'ignore' });
  }
  await writeFile(path('nuvla.yaml'), '');
  await writeFile(path('incidents.yaml'), file);
  const tls = { certificate: path('server.pem'), key: path('server.key'), clientCa: path('client.pem') };
  await writeFile(path('gateway.yml'), JSON.stringify({ tls, access: {} }));
});
afterEach(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  const environment = readEnvironment({
    REKINDLE_PLATFORMS: folder,
    REKINDLE_INCIDENTS_FILE: path('incidents.yaml'),
    REKINDLE_GATEWAY_FILE: path('gateway.yml'),
    REKINDLE_STATE: path('state'),
    REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
    REKINDLE_LOG_LEVEL: 'silent',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  const openCatalogue = () => Promise.reject(new Error('none'));
  gateway = await startGateway({ environment, version: '0.0.0-test', openCatalogue });
}

async function ask(
  place: string,
  options: RequestOptions = {},
  body?: object,
): Promise<{ status: number; body: string }> {
  const ca = await readFile(path('server.pem'));
  return new Promise((resolve, reject) => {
    const sent = request(`${gateway.url}${place}`, { ca, agent: false, ...options }, (answer) => {
      text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, body: said }), reject);
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

const client = async (name: string) => ({
  method: 'POST',
  cert: await readFile(path(`${name}.pem`)),
  key: await readFile(path(`${name}.key`)),
});

test('certificates, readiness and metrics', async () => {
  await start();
  const body = alertmanager(alert('Down', '2026-01-31T03:00:00Z'));
  const began = Date.now();
  expect(await ask('/incidents/alertmanager', await client('client'), body)).toMatchObject({ status: 202 });
  expect(Date.now() - began).toBeLessThan(5000);
  expect(await ask('/incidents/alertmanager', await client('other'), body)).toMatchObject({ status: 401 });
  expect(await ask('/incidents/alertmanager', { method: 'POST' }, body)).toMatchObject({ status: 401 });
  const { body: metrics } = await ask('/metrics');
  expect(metrics).toContain('rekindle_incident_events_waiting{source="alertmanager"} 1');
  expect(metrics).toContain('rekindle_incidents_file_valid 1');
  expect((await ask('/readyz')).body).toMatch(/"incidents": \{\s*"ok": true/);
});

test('a file that cannot be used keeps nobody from reading the status; readiness names it', async () => {
  await writeFile(path('incidents.yaml'), 'sources: {}');
  await start();
  expect((await ask('/healthz')).status).toBe(200);
  const { status, body } = await ask('/readyz');
  expect(status).toBe(503);
  expect(body).toContain("is not an incidents' file");
  expect(await ask('/incidents/alertmanager', await client('client'), {})).toMatchObject({ status: 503 });
});
