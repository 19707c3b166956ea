import { execFileSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { auditLog, makeToken, start, state, useState } from './access-scene.ts';

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

describe('with TLS', () => {
  const path = (name: string) => join(state, name);

  function certificate(name: string): void {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
    const out = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', ...subject, ...out], { stdio: 'ignore' });
  }

  test('it serves https, and tells which clients have a certificate of ours', async () => {
    for (const name of ['server', 'client']) certificate(name);
    const tls = { certificate: path('server.pem'), key: path('server.key'), clientCa: path('client.pem') };
    const gateway = await start({ tls, access: {} });
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ca = await readFile(path('server.pem'));
    const status = await new Promise((resolve, reject) => {
      request(`${gateway.url}/healthz`, { ca, agent: false }, (answer) => {
        resolve([answer.statusCode, answer.headers['strict-transport-security']]);
        answer.resume();
      })
        .on('error', reject)
        .end();
    });
    expect(status).toEqual([200, expect.stringContaining('max-age=')]);
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
