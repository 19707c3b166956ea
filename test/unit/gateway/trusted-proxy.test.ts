import { isWithin } from '../../../gateway/access/proxy.ts';
import { ask, ownPage, useState } from './access-scene.ts';
import { guarded } from './guard-scene.ts';

useState();

const proxy = (more: object = {}) => ({
  access: {
    tokens: false,
    trustedProxy: {
      from: ['127.0.0.1'],
      nameHeader: 'X-Forwarded-User',
      groupsHeader: 'X-Forwarded-Groups',
      roles: { viewer: ['*'], operator: ['ops'], approver: ['oncall', 'platform-lead'] },
      ...more,
    },
  },
});

test('the proxy names the person and their groups; the highest role counts', async () => {
  const server = await guarded(proxy());
  const headers = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'ops, oncall' };
  expect((await ask(server, '/approver', { headers })).json['caller']).toEqual({
    name: 'alice',
    role: 'approver',
    method: 'proxy',
  });
  const bob = { 'x-forwarded-user': 'bob' };
  expect((await ask(server, '/viewer', { headers: bob })).json['caller']).toMatchObject({ role: 'viewer' });
  expect((await ask(server, '/operator', { headers: bob })).status).toBe(403);
});

test('from any other address the headers count for nothing, whatever they say of where they come from', async () => {
  const server = await guarded(proxy({ from: ['10.0.0.0/8'] }));
  const headers = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'oncall' };
  expect(await ask(server, '/viewer', { headers })).toMatchObject({ status: 401 });
  for (const forged of [{ 'x-forwarded-for': '10.0.0.1' }, { 'x-real-ip': '10.0.0.1' }, { forwarded: 'for=10.0.0.1' }])
    expect(await ask(server, '/viewer', { headers: { ...headers, ...forged } })).toMatchObject({ status: 401 });
});

test('the address of the client is what the proxy says, and only the proxy', async () => {
  const headers = { 'x-forwarded-user': 'alice', 'x-forwarded-for': '203.0.113.7' };
  expect((await ask(await guarded(proxy()), '/viewer', { headers })).json['ip']).toBe('203.0.113.7');
});

test('a proxy that adds to what the client sent is refused', async () => {
  const server = await guarded(proxy());
  for (const headers of [
    { 'x-forwarded-user': ['mallory', 'alice'] },
    { 'x-forwarded-user': 'mallory, alice' },
    { 'x-forwarded-user': '' },
    { 'x-forwarded-user': 'alice', 'x-forwarded-groups': ['oncall', 'staff'] },
  ])
    expect(await ask(server, '/viewer', { headers })).toMatchObject({
      status: 401,
      json: { failure: { remedy: 'Have the proxy replace this header, whatever the client sent' } },
    });
});

test('who has no role is told why', async () => {
  const server = await guarded(proxy({ roles: { approver: ['oncall'] } }));
  const headers = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'staff' };
  expect(await ask(server, '/viewer', { headers })).toMatchObject({
    status: 403,
    json: {
      failure: {
        kind: 'NotAllowed',
        message: 'alice has no role here: none of the groups in the header x-forwarded-groups has one',
      },
    },
  });
});

test('what else a proxy passes on neither keeps people out, nor spares them that check', async () => {
  const server = await guarded(proxy());
  for (const authorization of [`Basic ${btoa('alice:secret')}`, 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.x']) {
    const headers = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'ops', authorization };
    expect(await ask(server, '/operator', { headers })).toMatchObject({ status: 200 });
    expect(await ask(server, '/operator', { method: 'POST', headers })).toMatchObject({ status: 403 });
  }
});

test('the browser sends a proxy its cookies as well: what changes something must come from our page', async () => {
  const server = await guarded(proxy());
  const headers = { 'x-forwarded-user': 'alice', 'x-forwarded-groups': 'ops' };
  expect(await ask(server, '/operator', { method: 'POST', headers })).toMatchObject({ status: 403 });
  expect(await ask(server, '/operator', { method: 'POST', headers: { ...headers, ...ownPage } })).toMatchObject({
    status: 200,
  });
});

test.each([
  ['10.1.2.3', ['10.0.0.0/8'], true],
  ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
  ['11.1.2.3', ['10.0.0.0/8'], false],
  ['10.0.0.5', ['10.0.0.5'], true],
  ['10.0.0.6', ['10.0.0.5'], false],
  ['fd00::7', ['10.0.0.0/8', 'fd00::/8'], true],
  ['::1', ['127.0.0.1'], false],
  ['', ['0.0.0.0/0'], false],
])('%s within %j: %s', (address, networks, within) => {
  expect(isWithin(address, networks)).toBe(within);
});
