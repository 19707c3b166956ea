import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, auditLog, logIn, makeToken, ownPage, revoke, start, state, useState } from './access-scene.ts';

useState();

const session = '/api/v1/session';
const whoIs = async (gateway: Awaited<ReturnType<typeof start>>, cookie: string) =>
  (await ask(gateway, session, { headers: { cookie } })).json['caller'];

test('a log-in gives a cookie that no script reads and no other site sends', async () => {
  const gateway = await start({ access: {} });
  const token = await makeToken('alice', 'approver');
  const reply = await ask(gateway, session, { method: 'POST', headers: ownPage, body: { token } });
  expect(reply).toMatchObject({ status: 200, json: { answer: 'Logged in as alice, approver' } });
  const [cookie = ''] = reply.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^rekindle=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(token);
});

test('under https the cookie is for TLS and this very host only', async () => {
  const gateway = await start({ url: 'https://rekindle.example.org', access: {} });
  const token = await makeToken('alice', 'approver');
  const headers = { ...ownPage, host: 'rekindle.example.org', origin: 'https://rekindle.example.org' };
  const reply = await ask(gateway, session, { method: 'POST', headers, body: { token } });
  expect(reply.headers['set-cookie']?.[0]).toMatch(/^__Host-rekindle=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
});

test('a session outlives the gateway, and ends with its token', async () => {
  const first = await start({ access: {} });
  const cookie = await logIn(first, await makeToken('alice', 'operator'));
  expect(await whoIs(first, cookie)).toEqual({ name: 'alice', role: 'operator', method: 'token' });
  await first.close();
  const second = await start({ access: {} });
  expect(await whoIs(second, cookie)).toMatchObject({ name: 'alice' });
  await revoke('alice');
  expect(await whoIs(second, cookie)).toBeUndefined();
});

test('logging out ends it for good', async () => {
  const gateway = await start({ access: {} });
  const cookie = await logIn(gateway, await makeToken('alice', 'operator'));
  const reply = await ask(gateway, session, { method: 'DELETE', headers: { ...ownPage, cookie } });
  expect(reply).toMatchObject({ status: 200, json: { answer: 'Logged out' } });
  expect(reply.headers['set-cookie']?.[0]).toMatch(/^rekindle=; .*Expires=Thu, 01 Jan 1970/);
  expect(await whoIs(gateway, cookie)).toBeUndefined();
});

test('who logged in, and who could not, is in the audit log', async () => {
  const gateway = await start({ access: {} });
  const cookie = await logIn(gateway, await makeToken('alice', 'operator'));
  await ask(gateway, session, { method: 'POST', headers: ownPage, body: { token: `rkd_${'x'.repeat(43)}` } });
  await ask(gateway, session, { method: 'DELETE', headers: { ...ownPage, cookie } });
  expect(await auditLog().newest(5)).toMatchObject([
    { action: 'log out', subject: 'alice', outcome: 'done' },
    { action: 'log in', subject: '', outcome: 'refused', text: 'The token is unknown, expired or revoked' },
    { action: 'log in', subject: 'alice', outcome: 'done', caller: { name: 'alice', role: 'operator' } },
  ]);
});

test('neither a token nor what a browser keeps lies on the disk', async () => {
  const gateway = await start({ access: {} });
  const token = await makeToken('alice', 'operator');
  const cookie = await logIn(gateway, token);
  for (const file of await readdir(state)) {
    const text = await readFile(join(state, file), 'utf8');
    expect([file, text.includes(token), text.includes(cookie.split('=')[1] ?? '-')]).toEqual([file, false, false]);
  }
});

test.each([
  [{}, 400, 'The body names no token'],
  [{ token: 7 }, 400, 'The body names no token'],
  [{ token: 'x'.repeat(2000) }, 413, 'Request body is too large'],
])('what is no log-in is refused: %j', async (body, status, message) => {
  const gateway = await start({ access: {} });
  expect(await ask(gateway, session, { method: 'POST', headers: ownPage, body })).toMatchObject({
    status,
    json: { failure: { message: expect.stringContaining(message) as string } },
  });
});

test('ten log-ins a minute from one address, then none', async () => {
  const gateway = await start({ access: {} });
  const token = await makeToken('alice', 'operator');
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 11; attempt++)
    statuses.push((await ask(gateway, session, { method: 'POST', headers: ownPage, body: { token } })).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
});
