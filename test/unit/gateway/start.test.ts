import { execFileSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, request, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { readTls } from '../../../gateway/access/tls.ts';
import type { Gateway } from '../../../gateway/gateway.ts';
import { ask, atEnd, auditLog, makeToken, start, state, useState } from './access-scene.ts';

useState();

const everywhere = { REKINDLE_GATEWAY_ADDRESS: '0.0.0.0:0' };

test('elsewhere than on this machine it listens with access control only', async () => {
  await expect(start({}, everywhere)).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message:
      'The gateway would listen on 0.0.0.0:0 without access control: whoever reaches it could start and approve restores',
    remedy: expect.stringMatching(/^Make a token first: rekindle token create .*127\.0\.0\.1:18080$/) as string,
  });
  await start({ access: {} }, everywhere);
  await makeToken('alice', 'approver');
  await start({}, everywhere);
});

test('an audit log that somebody changed is said at the start, and keeps nobody out', async () => {
  const entry = {
    caller: { name: 'alice', role: 'approver', method: 'token' },
    action: 'approve',
    subject: 'run',
  } as const;
  for (const outcome of ['done', 'failed'] as const) await auditLog().append({ ...entry, outcome });
  expect((await start()).warnings).toEqual([]);
  const { file } = auditLog();
  await writeFile(file, (await readFile(file, 'utf8')).replace('alice', 'bob'));
  await appendFile(file, 'nonsense\n');
  expect((await start()).warnings).toEqual([
    {
      message: expect.stringMatching(
        /^The audit log .*audit\.jsonl was changed: line 1: entry 1 .*, and 1 more$/,
      ) as string,
      remedy: expect.stringContaining('rekindle audit verify') as string,
    },
  ]);
});

test("links into Temporal's UI lead to the workflows of the gateway's own namespace", async () => {
  const variables = { REKINDLE_TEMPORAL_UI: 'http://temporal.example/', TEMPORAL_NAMESPACE: 'prod a' };
  const session = async (gateway: Gateway) => (await ask(gateway, '/api/v1/session')).json;
  expect(await session(await start({}, variables))).toMatchObject({
    temporalUi: 'http://temporal.example/namespaces/prod%20a/workflows',
  });
  expect(await session(await start())).not.toHaveProperty('temporalUi');
});

describe('with TLS', () => {
  const path = (name: string) => join(state, name);

  function certificate(name: string): void {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
    const out = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', ...subject, ...out], { stdio: 'ignore' });
  }

  const answerOf = (url: string, options: RequestOptions) =>
    new Promise<IncomingMessage & { text: string }>((resolve, reject) => {
      const sent = request(url, { ...options, agent: false }, (answer) => {
        void text(answer).then((content) => resolve(Object.assign(answer, { text: content })), reject);
      });
      sent.on('error', reject).end();
    });

  test('it serves https, and browsers are told to stay with it', async () => {
    certificate('server');
    const tls = { certificate: path('server.pem'), key: path('server.key') };
    const gateway = await start({ tls, access: {} });
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { statusCode, headers } = await answerOf(`${gateway.url}/healthz`, {
      ca: await readFile(path('server.pem')),
    });
    expect(statusCode).toBe(200);
    expect(headers['strict-transport-security']).toContain('max-age=');
  });

  test('people come without a certificate; of clients with one it is known whether it is ours', async () => {
    for (const name of ['server', 'client', 'stranger']) certificate(name);
    const tls = { certificate: path('server.pem'), key: path('server.key'), clientCa: path('client.pem') };
    const server = createServer(await readTls(tls), ({ socket }, response) => {
      response.end(String((socket as TLSSocket).authorized));
    }).listen(0, '127.0.0.1');
    atEnd(() => new Promise((resolve) => server.close(resolve)));
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ca = await readFile(path('server.pem'));
    const as = async (name: string) => ({
      ca,
      cert: await readFile(path(`${name}.pem`)),
      key: await readFile(path(`${name}.key`)),
    });
    expect((await answerOf(url, { ca })).text).toBe('false');
    expect((await answerOf(url, await as('stranger'))).text).toBe('false');
    expect((await answerOf(url, await as('client'))).text).toBe('true');
  });

  test('what cannot be used is named', async () => {
    certificate('server');
    certificate('other');
    const tls = { certificate: path('server.pem'), key: path('server.key') };
    await expect(start({ tls: { ...tls, key: path('none.key') } })).rejects.toMatchObject({
      kind: 'InvalidGatewayFile',
      message: `The gateway cannot serve TLS: key ${path('none.key')} cannot be read: ENOENT`,
    });
    await expect(start({ tls: { ...tls, key: path('other.key') } })).rejects.toMatchObject({
      message: expect.stringContaining('cannot be used: ') as string,
    });
  });
});
