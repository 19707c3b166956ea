import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readEnvironment } from '../../../config/environment.ts';
import type { Role } from '../../../domain/access.ts';
import { startGateway, type Gateway } from '../../../gateway/gateway.ts';
import { openAuditLog } from '../../../operations/access/audit.ts';
import { openTokens } from '../../../operations/access/tokens.ts';

export let state: string;
let undo: (() => Promise<unknown>)[];

/** A state folder for each test; the gateways that the test started end with it. */
export function useState(): void {
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'rkt-access-'));
    undo = [() => rm(state, { recursive: true, force: true })];
  });
  afterEach(async () => {
    for (const step of undo.toReversed()) await step();
  });
}

export const atEnd = (step: () => Promise<unknown>) => undo.push(step);

/** A gateway over real HTTP, with this `gateway.yaml`; without Temporal and platforms. `onLog`: is given the lines of its log. */
export async function start(
  file: object = {},
  more: Record<string, string> = {},
  onLog?: (line: string) => void,
): Promise<Gateway> {
  const path = join(state, 'gateway.yaml');
  await writeFile(path, stringify(file));
  const gateway = await startGateway({
    environment: readEnvironment({
      REKINDLE_GATEWAY_FILE: path,
      REKINDLE_STATE: state,
      REKINDLE_PLATFORMS: state,
      REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      ...more,
    }),
    version: '0.0.0-test',
    openCatalogue: () => Promise.reject(new Error('no catalogue in this test')),
    ...(onLog && { logTo: { write: onLog } }),
  });
  undo.push(() => gateway.close());
  return gateway;
}

export const makeToken = (name: string, role: Role, expiresAt?: string) =>
  openTokens(state).create({ name, role, expiresAt });

export const revoke = (name: string) => openTokens(state).revoke(name);
export const auditLog = () => openAuditLog(state);

export interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  json: { failure?: { kind: string; message: string; remedy: string }; [key: string]: unknown };
}

interface Sent {
  method?: string;
  headers?: Record<string, string | string[] | undefined>;
  body?: unknown;
}

/** Not by fetch, which lets nobody choose Host, Origin and Sec-Fetch-Site. */
export async function ask(server: { url: string }, path: string, sent: Sent = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = sent;
  const text = body === undefined ? '' : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': text.length };
  const request = httpRequest(server.url + path, { method, headers: { ...type, ...headers }, agent: false }).end(text);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const content = (await answer.setEncoding('utf8').toArray()).join('');
  const json = (answer.headers['content-type']?.includes('json') ? JSON.parse(content) : {}) as Reply['json'];
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: content, json };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const ownPage = { 'x-rekindle-request': '1' };

/** Logs in, and answers with the cookie that the browser would send. */
export async function logIn(gateway: { url: string }, token: string): Promise<string> {
  const { status, headers, text } = await ask(gateway, '/api/v1/session', {
    method: 'POST',
    headers: ownPage,
    body: { token },
  });
  if (status !== 200) throw new Error(`log-in refused: ${status} ${text}`);
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}
