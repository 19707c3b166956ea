import { ask, logIn, makeToken, ownPage, start, useState } from './access-scene.ts';
import { guarded } from './guard-scene.ts';

useState();

const elsewhere = 'https://evil.example';

describe('without access control, on this machine only', () => {
  test('whoever uses this machine is an approver without a name', async () => {
    const server = await guarded();
    expect((await ask(server, '/approver', { method: 'POST', headers: ownPage })).json['caller']).toEqual({
      name: '',
      role: 'approver',
      method: 'none',
    });
  });

  test.each(['evil.example', 'evil.example:18080', '127.0.0.1.evil.example', 'localhost.evil.example', '0.0.0.0', '%'])(
    'a name that others point at this machine gets no answer: %s',
    async (host) => {
      const server = await guarded();
      expect(await ask(server, '/viewer', { headers: { host } })).toMatchObject({
        status: 403,
        json: {
          failure: {
            kind: 'NotAllowed',
            message: `The request is for the host "${host}", which is not this gateway's`,
          },
        },
      });
    },
  );

  test.each(['localhost:18080', '127.0.0.1', '[::1]:18080', 'LOCALHOST'])('this machine is %s', async (host) => {
    const server = await guarded();
    expect(await ask(server, '/viewer', { headers: { host } })).toMatchObject({ status: 200 });
  });

  test('not even the configured address is enough then: a proxy would let anybody in', async () => {
    const server = await guarded({ url: 'https://rekindle.example.org' });
    expect(await ask(server, '/viewer', { headers: { host: 'rekindle.example.org' } })).toMatchObject({ status: 403 });
  });

  test('a page of another site, or another program of this machine, changes nothing', async () => {
    const server = await guarded();
    for (const headers of [
      {},
      { ...ownPage, origin: elsewhere },
      { ...ownPage, origin: 'null' },
      { ...ownPage, origin: 'http://localhost:3000' },
      { ...ownPage, 'sec-fetch-site': 'cross-site' },
      { ...ownPage, 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'same-origin' },
    ])
      expect([headers, (await ask(server, '/viewer', { method: 'POST', headers })).status]).toEqual([headers, 403]);
    const own = { ...ownPage, origin: server.url, 'sec-fetch-site': 'same-origin' };
    expect(await ask(server, '/viewer', { method: 'POST', headers: own })).toMatchObject({ status: 200 });
  });

  test('no site is allowed to ask from a browser', async () => {
    const server = await guarded();
    const headers = { origin: elsewhere, 'access-control-request-method': 'POST' };
    const reply = await ask(server, '/viewer', { method: 'OPTIONS', headers });
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('elsewhere than on this machine, nothing is open', async () => {
    const server = await guarded({}, { loopback: false });
    expect(await ask(server, '/viewer')).toMatchObject({ status: 401 });
  });
});

describe('with a session', () => {
  test('a cookie alone changes nothing, and counts under our own names only', async () => {
    const gateway = await start({ url: 'http://rekindle.example.org', access: { monitoring: 'viewer' } });
    const cookie = await logIn(gateway, await makeToken('alice', 'approver'));
    const server = await guarded({ url: 'http://rekindle.example.org', access: {} });
    expect(await ask(server, '/viewer', { headers: { cookie } })).toMatchObject({ status: 200 });
    expect(await ask(server, '/viewer', { headers: { cookie, host: 'rekindle.example.org' } })).toMatchObject({
      status: 200,
    });
    expect(await ask(server, '/viewer', { headers: { cookie, host: 'evil.example' } })).toMatchObject({ status: 403 });
    expect(await ask(server, '/viewer', { method: 'POST', headers: { cookie } })).toMatchObject({ status: 403 });
    const forged = { ...ownPage, cookie, origin: elsewhere };
    expect(await ask(server, '/viewer', { method: 'POST', headers: forged })).toMatchObject({ status: 403 });
    // Behind a proxy that keeps the address to itself, the origin is the configured one.
    const proxied = { ...ownPage, cookie, origin: 'http://rekindle.example.org' };
    expect(await ask(server, '/viewer', { method: 'POST', headers: proxied })).toMatchObject({ status: 200 });
  });

  test('nobody can be logged in by another site', async () => {
    const gateway = await start({ access: {} });
    const body = { token: await makeToken('alice', 'approver') };
    const path = '/api/v1/session';
    expect(await ask(gateway, path, { method: 'POST', body })).toMatchObject({ status: 403 });
    const headers = { ...ownPage, origin: elsewhere };
    expect(await ask(gateway, path, { method: 'POST', headers, body })).toMatchObject({ status: 403 });
  });

  test.each(['rekindle=', `rekindle=${'x'.repeat(43)}`, 'rekindle=..%00', '__Host-rekindle=x'])(
    'a made-up cookie is nobody: %s',
    async (cookie) => {
      const server = await guarded({ access: {} });
      expect(await ask(server, '/viewer', { headers: { cookie } })).toMatchObject({ status: 401 });
    },
  );
});

test('every answer forbids what a page could be made to do', async () => {
  const { headers } = await ask(await start(), '/healthz');
  expect(headers['content-security-policy']).toBe(
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';manifest-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
  );
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['strict-transport-security']).toBeUndefined();
});
