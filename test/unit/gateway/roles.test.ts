import { ask, auditLog, bearer, makeToken, useState } from './access-scene.ts';
import { guarded } from './guard-scene.ts';

useState();

test('each role does what the one before it may, and no more', async () => {
  const server = await guarded({ access: {} });
  const statuses: Record<string, number[]> = {};
  for (const role of ['viewer', 'operator', 'approver'] as const) {
    const headers = bearer(await makeToken(role, role));
    const replies = ['/viewer', '/operator', '/approver', '/forgotten'].map((path) => ask(server, path, { headers }));
    statuses[role] = (await Promise.all(replies)).map(({ status }) => status);
  }
  expect(statuses).toEqual({
    viewer: [200, 403, 403, 403],
    operator: [200, 200, 403, 403],
    // A route that says nothing is for approvers.
    approver: [200, 200, 200, 200],
  });
});

test('the refusal says which role is needed', async () => {
  const server = await guarded({ access: {} });
  const headers = bearer(await makeToken('alice', 'viewer'));
  expect((await ask(server, '/approver', { headers })).json.failure).toMatchObject({
    kind: 'NotAllowed',
    message: 'alice is viewer; this is for the role approver',
  });
});

test('an action that the role does not allow is in the audit log, thirty times a minute at most', async () => {
  const server = await guarded({ access: {} });
  const headers = bearer(await makeToken('alice', 'viewer'));
  const statuses = [];
  for (let attempt = 0; attempt < 32; attempt++)
    statuses.push((await ask(server, '/approver', { method: 'POST', headers })).status);
  expect(statuses).toEqual([...Array.from({ length: 30 }, () => 403), 429, 429]);
  // To look is no action.
  await ask(server, '/approver', { headers });
  const entries = await auditLog().newest(50);
  expect(entries).toHaveLength(30);
  expect(entries[0]).toMatchObject({
    ...{ caller: { name: 'alice', method: 'token' }, action: 'POST /approver', outcome: 'refused' },
    text: 'alice is viewer; this is for the role approver',
  });
});

test('a program with a token needs no header of ours, also for what changes something', async () => {
  const server = await guarded({ access: {} });
  const headers = { ...bearer(await makeToken('alice', 'operator')), origin: 'https://elsewhere.example' };
  expect(await ask(server, '/operator', { method: 'POST', headers })).toMatchObject({
    status: 200,
    json: { caller: { name: 'alice', role: 'operator', method: 'token' } },
  });
});

test('what authenticates its callers itself is left alone', async () => {
  const server = await guarded({ access: {} });
  expect(await ask(server, '/itself', { method: 'POST' })).toMatchObject({ status: 200 });
});

test('a caller who asks without end is put off; others are not', async () => {
  const server = await guarded({ access: {} });
  const [alice, bob] = [bearer(await makeToken('alice', 'viewer')), bearer(await makeToken('bob', 'viewer'))];
  for (let batch = 0; batch < 24; batch++)
    await Promise.all(Array.from({ length: 50 }, () => ask(server, '/viewer', { headers: alice })));
  expect(await ask(server, '/viewer', { headers: alice })).toMatchObject({
    status: 429,
    headers: { 'retry-after': expect.any(String) as string },
    json: { failure: { kind: 'TooManyRequests', remedy: expect.stringMatching(/^Try again in /) as string } },
  });
  expect(await ask(server, '/viewer', { headers: bob })).toMatchObject({ status: 200 });
});
