import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { readEnvironment } from '../../../../config/environment.ts';
import { openLog } from '../../../../config/log.ts';
import type { IncidentInput } from '../../../../domain/incidents/incident.ts';
import { openAccess } from '../../../../gateway/access/access.ts';
import { guard } from '../../../../gateway/access/guard.ts';
import { startIncidents, type Incidents } from '../../../../gateway/incidents/incidents.ts';
import { incidentRoutes } from '../../../../gateway/incidents/routes.ts';
import { sign } from './bodies.ts';

export const keys = { old: 'the-old-signing-key', new: 'the-new-signing-key' };
export const token = 'a-token-of-the-sender';

export const file = `
sources:
  pagerduty: { keys: [{ env: PD_OLD }, { env: PD_NEW }] }
  alertmanager: { basic: { user: am, password: { env: TOKEN } } }
  opsgenie: { bearer: { env: TOKEN } }
  generic: { bearer: { env: TOKEN } }
rules:
  - { match: { service: Nuvla }, platform: nuvla, action: restore }
  - { platform: { label: instance_platform }, action: check }
`;

export let folder: string;
export let incidents: Incidents;
export let url: string;
/** What reached the workflows, and what was logged. */
export let delivered: IncidentInput[];
export let log: string;
/** Why Temporal takes nothing; undefined: it does. */
export let outage: Error | undefined;
export const setOutage = (error: Error | undefined) => (outage = error);

let server: FastifyInstance | undefined;

export function useIncidents(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rkt-in-'));
    [delivered, log, outage] = [[], '', undefined];
    await writeFile(join(folder, 'nuvla.yaml'), '');
    await writeFile(join(folder, 'incidents.yaml'), file);
  });
  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });
}

export async function start(): Promise<void> {
  const environment = readEnvironment({
    REKINDLE_PLATFORMS: folder,
    REKINDLE_INCIDENTS_FILE: join(folder, 'incidents.yaml'),
    REKINDLE_STATE: join(folder, 'state'),
    PD_OLD: keys.old,
    PD_NEW: keys.new,
    TOKEN: token,
  });
  incidents = await startIncidents({
    environment,
    clientCertificates: false,
    everyMs: 20,
    log: openLog('info', { write: (line) => (log += line) }),
    courier: {
      async deliver(input) {
        await Promise.resolve();
        if (outage) throw outage;
        delivered.push(input);
        return true;
      },
      close: () => Promise.resolve(),
    },
  });
  server = fastify({ bodyLimit: 64 * 1024 });
  const { stateFolder, variables } = environment;
  await guard(server, await openAccess({ file: {}, stateFolder, loopback: true, variables }));
  incidentRoutes(server, incidents);
  url = await server.listen({ host: '127.0.0.1', port: 0 });
}

export async function stop(): Promise<void> {
  if (!server) return;
  await server.close();
  await incidents.close();
  server = undefined;
}

export interface Answered {
  status: number;
  json: { answer?: string; incident?: string; failure?: { message: string; remedy: string } };
}

export async function post(
  source: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const answer = await fetch(`${url}/incidents/${source}`, { method: 'POST', body, headers });
  return { status: answer.status, json: (await answer.json()) as Answered['json'] };
}

/** As PagerDuty sends it. */
export function postSigned(document: object, ...signers: string[]): Promise<Answered> {
  const body = JSON.stringify(document);
  return post('pagerduty', body, sign(body, ...(signers.length > 0 ? signers : [keys.new])));
}

const basic = `Basic ${Buffer.from(`am:${token}`).toString('base64')}`;
export const postAlerts = (document: object) =>
  post('alertmanager', JSON.stringify(document), { authorization: basic, 'content-type': 'application/json' });

export const postGeneric = (document: object, key: string) =>
  post('generic', JSON.stringify(document), { authorization: `Bearer ${token}`, 'idempotency-key': key });

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 20 s; log: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
