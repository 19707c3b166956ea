import { Failure, type FailureKind } from '../../../../domain/failures.ts';
import { ask, bearer, makeToken, ownPage, useState } from '../access-scene.ts';
import { openApiScene } from './api-scene.ts';
import { planHash, restoreId } from './fake-desk.ts';
import { waveHash } from './fake-fleets.ts';

useState();

const run = `/api/v1/runs/${encodeURIComponent(restoreId)}`;
const post = { method: 'POST', headers: ownPage };

test('a request that is wrong is refused, with the field and what to send instead', async () => {
  const scene = await openApiScene();
  const by = 'ann';
  const restores = '/api/v1/platforms/nuvla/restores';
  for (const [path, body, message, remedy] of [
    [`${run}/approve`, { by, platform: 'nuvla' }, 'lacks the field "planHash"', 'Send "planHash"'],
    [
      `${run}/approve`,
      { by, platform: 'nuvla', planHash: 'abc' },
      '"planHash" must be the plan\'s complete hash',
      '"planHash"',
    ],
    ['/api/v1/fleets/shops/approve', { by, planHash: 'b'.repeat(64) }, 'lacks the field "fleet"', 'Send "fleet"'],
    [
      `${run}/decide`,
      { by, choice: 'pray' },
      'the field "choice" has another value than those it may have: "pray"',
      'retry, skip, abort, rollback',
    ],
    [restores, { by, pint: 'latest' }, 'unknown field "pint"', 'point, before'],
    [restores, { by, before: 'yesterday' }, '"before" must be a time in UTC such as', '"before"'],
    [
      restores,
      { by, point: 'latest', before: '2026-11-21T09:30:00Z' },
      'cannot be given together with point',
      '"before"',
    ],
    [restores, {}, 'access control is off, so nobody knows who you are', 'Send "by"'],
    [restores, [], 'The body is not a JSON object', 'Send {'],
    [`${run}/reject`, { by, reason: 'x'.repeat(3000) }, 'too long or too large: at most 2000', '"reason"'],
  ] as const) {
    const { status, json } = await ask(scene, path, { ...post, body });
    expect([path, body, status, json.failure?.kind]).toEqual([path, body, 400, 'InvalidArgument']);
    expect(json.failure?.message).toContain(message);
    expect(json.failure?.remedy).toContain(remedy);
    expect(json.failure?.message.length).toBeLessThan(300);
  }
  for (const [query, message] of [
    ['limit=0', '"limit" must be at least 1'],
    ['limit=many', '"limit" must be a whole number'],
    ['limit=100000', '"limit" is too long or too large: at most 1000'],
    ['page=2', 'unknown field "page"'],
  ] as const) {
    const { status, json } = await ask(scene, `/api/v1/runs?${query}`);
    expect([query, status, json.failure?.message]).toEqual([query, 400, expect.stringContaining(message)]);
  }
  expect([...scene.desk.journal, ...scene.fleets.journal]).toEqual([]);
});

test('what is no JSON, and what is too large, is refused as bad input', async () => {
  const scene = await openApiScene();
  for (const [body, status] of [
    ['{', 400],
    [`{"by":"${'x'.repeat(2_000_000)}"}`, 413],
  ] as const) {
    const answer = await fetch(`${scene.url}${run}/cancel`, {
      method: 'POST',
      headers: { ...ownPage, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ failure: { kind: 'InvalidArgument' } });
  }
});

test('what is not there: 404; busy: 409; Temporal out of reach, or no worker: 503; each with its kind', async () => {
  const scene = await openApiScene();
  const by = { body: { by: 'ann' } };
  for (const [path, kind] of [
    ['/api/v1/platforms/nowhere', 'UnknownPlatform'],
    ['/api/v1/platforms/nowhere/points', 'UnknownPlatform'],
    ['/api/v1/runs/nothing', 'RunNotFound'],
    ['/api/v1/incidents/nothing', 'RunNotFound'],
  ] as const)
    expect(await ask(scene, path)).toMatchObject({ status: 404, json: { failure: { kind } } });
  expect(await ask(scene, '/api/v1/platforms/nuvla/points/nothing/pin', { ...post, ...by })).toMatchObject({
    status: 404,
    json: { failure: { kind: 'RecoveryPointNotFound' } },
  });
  for (const [kind, status] of [
    ['PlatformBusy', 409],
    ['TemporalUnreachable', 503],
    ['RunFailed', 503],
    ['InvalidPlatformFile', 500],
  ] satisfies [FailureKind, number][]) {
    scene.desk.failure = new Failure(kind, { message: 'Not now', remedy: 'Wait' });
    expect(await ask(scene, '/api/v1/platforms/nuvla/backups', { ...post, ...by })).toMatchObject({
      status,
      json: { failure: { kind, message: 'Not now', remedy: 'Wait' } },
    });
  }
  scene.desk.failure = new Failure('TemporalUnreachable', { message: 'Temporal is away', remedy: 'Start it' });
  // What the catalogue knows is shown all the same, and that nobody knows whether someone works.
  expect(await ask(scene, '/api/v1/platforms')).toMatchObject({ status: 200, json: [{ worker: 'unknown' }] });
  expect(await ask(scene, '/api/v1/platforms/nuvla')).toMatchObject({
    json: { quarantines: { trouble: { kind: 'TemporalUnreachable' } } },
  });
});

test('with access control the authenticated name is what counts, and the role decides', async () => {
  const scene = await openApiScene({ access: {} });
  const [ann, bob] = [await makeToken('ann', 'approver'), await makeToken('bob', 'viewer')];
  const body = { by: 'somebody else', planHash, platform: 'nuvla' };
  const approve = (token: string) => ask(scene, `${run}/approve`, { method: 'POST', headers: bearer(token), body });
  expect(await approve(bob)).toMatchObject({ status: 403, json: { failure: { kind: 'NotAllowed' } } });
  expect(await ask(scene, run)).toMatchObject({ status: 401 });
  expect(scene.desk.journal).toEqual([]);
  expect(await approve(ann)).toMatchObject({ status: 200 });
  expect(scene.desk.journal).toEqual([`approve ${restoreId} {"planHash":"${planHash}","platform":"nuvla","by":"ann"}`]);
});

test('words to a fleet ask for the roles that those to a run ask for', async () => {
  const scene = await openApiScene({ access: {} });
  const body = { planHash: waveHash, fleet: 'shops' };
  const [viewer, operator, approver] = [
    await makeToken('eve', 'viewer'),
    await makeToken('bob', 'operator'),
    await makeToken('ann', 'approver'),
  ];
  const send = async (word: string, token: string, sent: object) =>
    (await ask(scene, `/api/v1/fleets/shops/${word}`, { method: 'POST', headers: bearer(token), body: sent })).status;
  expect((await ask(scene, '/api/v1/fleets', { headers: bearer(viewer) })).status).toBe(200);
  for (const word of ['pause', 'resume', 'stop']) {
    expect(await send(word, viewer, {})).toBe(403);
    expect(await send(word, operator, {})).toBe(200);
  }
  expect(await send('approve', operator, body)).toBe(403);
  expect(await send('approve', approver, { ...body, by: 'somebody else' })).toBe(200);
  // The authenticated name counts, not the one that was sent.
  expect(scene.fleets.journal.at(-1)).toBe(`approve shops {"planHash":"${waveHash}","typed":"shops","by":"ann"}`);
});
