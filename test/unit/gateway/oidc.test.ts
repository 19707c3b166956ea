import { ask, atEnd, auditLog, start, useState, type Reply } from './access-scene.ts';
import { clientSecret, startProvider, type Provider } from './openid-provider.ts';

useState();

const url = 'http://localhost:18080';
let provider: Provider;

async function gatewayFor(more: object = {}) {
  provider = await startProvider();
  atEnd(() => provider.close());
  const roles = { claim: 'groups', viewer: ['staff'], approver: ['oncall'] };
  const oidc = { issuer: provider.issuer, clientId: 'rekindle', clientSecret: { env: 'OIDC_SECRET' }, roles, ...more };
  return start({ url, access: { oidc } }, { OIDC_SECRET: clientSecret });
}

type Started = Awaited<ReturnType<typeof gatewayFor>>;
const cookieOf = ({ headers }: Reply) => (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';

/** As a browser does it: to the provider and back, with the cookie of the log-in. */
async function comeBack(gateway: Started, change: (back: URL) => void = () => undefined): Promise<Reply> {
  const begun = await ask(gateway, '/login/oidc');
  if (begun.status !== 302) return begun;
  const answer = await fetch(begun.headers.location ?? '', { redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  expect(`${back.origin}${back.pathname}`).toBe(`${url}/login/oidc/callback`);
  change(back);
  const headers = { cookie: cookieOf(begun), accept: 'text/html' };
  return ask(gateway, `${back.pathname}${back.search}`, { headers });
}

const whoIs = async (gateway: Started, cookie: string) =>
  (await ask(gateway, '/api/v1/session', { headers: { cookie } })).json['caller'];

test('a person logs in, and has the role of their group', async () => {
  const gateway = await gatewayFor();
  const begun = await ask(gateway, '/login/oidc');
  expect(begun.headers['set-cookie']?.[0]).toMatch(/^rekindle-login=.*; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  const asked = new URL(begun.headers.location ?? '').searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    scope: 'openid profile email',
    state: expect.any(String) as string,
    nonce: expect.any(String) as string,
  });
  const back = await comeBack(gateway);
  expect(back).toMatchObject({ status: 302, headers: { location: '/' } });
  const session = back.headers['set-cookie']?.find((cookie) => cookie.startsWith('rekindle=')) ?? '';
  expect(session).toMatch(/SameSite=Strict/);
  const cookie = session.split(';')[0] ?? '';
  expect(await whoIs(gateway, cookie)).toEqual({ name: 'alice', role: 'approver', method: 'oidc' });
  expect(await auditLog().newest(1)).toMatchObject([
    { action: 'log in', subject: 'alice', caller: { method: 'oidc' } },
  ]);
});

test('what only the user information says counts as well', async () => {
  const gateway = await gatewayFor();
  provider.claims = { sub: '7', preferred_username: 'alice' };
  provider.userinfo = { sub: '7', groups: 'staff', preferred_username: 'mallory' };
  const back = await comeBack(gateway);
  const cookie = back.headers['set-cookie']?.find((one) => one.startsWith('rekindle='))?.split(';')[0] ?? '';
  expect(await whoIs(gateway, cookie)).toEqual({ name: 'alice', role: 'viewer', method: 'oidc' });
});

test.each([
  [{ groups: ['others'] }, 'alice has no role here: nothing in the claim &#34;groups&#34; gives one'],
  [{ groups: undefined }, 'says nothing in the claim &#34;groups&#34;'],
  [{ preferred_username: undefined }, 'says nothing in the claim &#34;preferred_username&#34;'],
  [{ preferred_username: '<script>', groups: [] }, '&#60;script&#62; has no role here'],
])('without a role nobody gets in, and the page says what is missing: %j', async (claims, message) => {
  const gateway = await gatewayFor();
  provider.claims = { ...provider.claims, ...claims };
  const back = await comeBack(gateway);
  expect(back).toMatchObject({ status: 403, text: expect.stringContaining(message) as string });
  expect(back.headers['set-cookie']?.some((cookie) => cookie.startsWith('rekindle='))).toBe(false);
  expect(await auditLog().newest(1)).toMatchObject([{ action: 'log in', outcome: 'refused' }]);
});

test.each<[string, (provider: Provider) => void]>([
  ['another nonce', (it) => (it.change = (token) => ({ ...token, nonce: 'x' }))],
  ['another audience', (it) => (it.change = (token) => ({ ...token, aud: 'another' }))],
  ['another issuer', (it) => (it.change = (token) => ({ ...token, iss: 'https://evil.example' }))],
  ['an expired token', (it) => (it.change = (token) => ({ ...token, exp: 1 }))],
  ['user information of another person', (it) => (it.userinfo = { sub: '8', groups: ['oncall'] })],
])('what the provider says must be for this log-in: %s', async (_, spoil) => {
  const gateway = await gatewayFor();
  spoil(provider);
  expect((await comeBack(gateway)).status).toBe(401);
});

test('another state, a code that was used, another browser', async () => {
  const gateway = await gatewayFor();
  expect((await comeBack(gateway, (back) => back.searchParams.set('state', 'x'))).status).toBe(401);
  expect((await comeBack(gateway, (back) => back.searchParams.set('code', 'x'))).status).toBe(401);
  expect((await comeBack(gateway, (back) => (back.search = '?error=access_denied&state=x'))).status).toBe(401);
  const { status, text } = await ask(gateway, '/login/oidc/callback?code=x&state=y', {
    headers: { accept: 'text/html' },
  });
  expect([status, text]).toEqual([401, expect.stringContaining('did not begin a log-in')]);
});

test('a program gets JSON', async () => {
  const gateway = await gatewayFor();
  expect((await ask(gateway, '/login/oidc/callback')).json.failure).toMatchObject({ kind: 'NotLoggedIn' });
});

test('a provider that does not answer is named; the next log-in asks again', async () => {
  const gateway = await gatewayFor();
  await provider.close();
  const { status, json } = await ask(gateway, '/login/oidc');
  expect([status, json.failure?.message]).toEqual([
    401,
    expect.stringContaining(`The OpenID provider ${provider.issuer}`),
  ]);
  expect(JSON.stringify(json)).not.toContain(clientSecret);
});
