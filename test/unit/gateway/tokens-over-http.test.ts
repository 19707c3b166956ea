import { ask, bearer, makeToken, revoke, start, useState } from './access-scene.ts';

useState();

// Every token is asked for here: monitors have to log in as well.
const closed = { access: { monitoring: 'viewer' } };

test('a token opens what its role may do; revoked it opens nothing, without a restart', async () => {
  const gateway = await start(closed);
  const token = await makeToken('alice', 'viewer');
  const headers = bearer(token);
  expect(await ask(gateway, '/metrics', { headers })).toMatchObject({ status: 200 });
  expect((await ask(gateway, '/api/v1/session', { headers })).json).toMatchObject({
    caller: { name: 'alice', role: 'viewer', method: 'token' },
    logins: ['token'],
  });
  await revoke('alice');
  expect(await ask(gateway, '/metrics', { headers })).toMatchObject({
    status: 401,
    json: { failure: { kind: 'NotLoggedIn', message: 'The token is unknown, expired or revoked' } },
  });
});

test('no token, a forged one, an expired one, and what is no token', async () => {
  const gateway = await start(closed);
  const token = await makeToken('alice', 'viewer');
  const expired = await makeToken('bob', 'viewer', '2020-01-01T00:00:00.000Z');
  const nothing = await ask(gateway, '/metrics');
  expect(nothing).toMatchObject({ status: 401, json: { failure: { message: 'Nobody is logged in' } } });
  expect(nothing.headers['www-authenticate']).toContain('Bearer');
  const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const authorization of [
    `Bearer ${forged}`,
    `Bearer ${expired}`,
    `Basic ${Buffer.from(`x:${token}`).toString('base64')}`,
    token,
    'Bearer ',
    `Bearer ${'x'.repeat(10_000)}`,
  ]) {
    const { status, text } = await ask(gateway, '/metrics', { headers: { authorization } });
    expect([status, text.includes(authorization.slice(7))]).toEqual([401, authorization === 'Bearer ']);
  }
  // A header that stands twice is nobody's.
  const twice = await ask(gateway, '/metrics', { headers: { authorization: [`Bearer ${token}`, `Bearer ${forged}`] } });
  expect(twice.status).toBe(401);
});

test('a token in the address counts for nothing', async () => {
  const gateway = await start(closed);
  const token = await makeToken('alice', 'viewer');
  expect(await ask(gateway, `/metrics?access_token=${token}&token=${token}`)).toMatchObject({ status: 401 });
});

test('monitors need no token unless the file says so; health checks never do', async () => {
  const gateway = await start({ access: {} });
  for (const path of ['/status', '/', '/metrics', '/healthz', '/readyz'])
    expect([path, [200, 503].includes((await ask(gateway, path)).status)]).toEqual([path, true]);
  const strict = await start(closed);
  for (const path of ['/status', '/', '/status/nuvla', '/metrics'])
    expect([path, (await ask(strict, path)).status]).toEqual([path, 401]);
  for (const path of ['/healthz', '/readyz'])
    expect([path, [200, 503].includes((await ask(strict, path)).status)]).toEqual([path, true]);
});

test('after too many tokens that are not valid there is no answer for a while; a valid one still counts', async () => {
  const gateway = await start(closed);
  const token = await makeToken('alice', 'viewer');
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 32; attempt++)
    statuses.push((await ask(gateway, '/metrics', { headers: bearer(`rkd_${'x'.repeat(43)}`) })).status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(30);
  expect(statuses.slice(30)).toEqual([429, 429]);
  expect(await ask(gateway, '/metrics', { headers: bearer(token) })).toMatchObject({ status: 200 });
});
