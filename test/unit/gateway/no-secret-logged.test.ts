import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findSecrets, type Written } from '../../secret-search.ts';
import { ask, bearer, logIn, makeToken, ownPage, start, state, useState } from './access-scene.ts';
import { alert, alertmanager, pagerduty, sign } from './incidents/bodies.ts';

useState();

/** In the body of a webhook, beside what rules look at. */
const inBody = 'a-secret-of-the-body';
const given = {
  unknownToken: `rkd_${'u'.repeat(43)}`,
  foreignToken: 'a-token-of-somebody-else',
  password: 'the-password-of-a-proxy',
  cookie: 'the-value-of-a-cookie',
  code: 'the-code-of-a-provider',
  tokenInAddress: 'the-token-in-an-address',
  sender: 'the-token-of-a-sender',
  key: 'the-signing-key',
  inBody,
};

const incidentsFile = `
sources:
  pagerduty: { keys: [{ env: KEY }] }
  alertmanager: { basic: { user: am, password: { env: SENDER } } }
  generic: { bearer: { env: SENDER } }
rules: [{ platform: { label: instance_platform }, action: check }]
`;

test('whatever is sent, the log and the state folder hold nothing that anybody could use', async () => {
  const lines: string[] = [];
  await writeFile(join(state, 'nuvla.yaml'), '');
  await writeFile(join(state, 'incidents.yaml'), incidentsFile);
  const token = await makeToken('ann', 'approver');
  const oidc = { issuer: 'https://127.0.0.1:1', clientId: 'rekindle', clientSecret: { env: 'KEY' } };
  const roles = { claim: 'groups', viewer: ['*'] };
  const gateway = await start(
    { url: 'http://localhost:18080', access: { tokens: true, oidc: { ...oidc, roles } } },
    {
      REKINDLE_LOG_LEVEL: 'trace',
      REKINDLE_INCIDENTS_FILE: join(state, 'incidents.yaml'),
      KEY: given.key,
      SENDER: given.sender,
    },
    (line) => lines.push(line),
  );
  const cookie = await logIn(gateway, token);
  const post = (path: string, headers: Record<string, string>, body: unknown) =>
    ask(gateway, path, { method: 'POST', headers, body });
  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  const statuses = [
    await ask(gateway, '/api/v1/session', { headers: { cookie } }),
    await ask(gateway, '/api/v1/runs', { headers: bearer(given.unknownToken) }),
    await ask(gateway, '/api/v1/runs', { headers: bearer(given.foreignToken) }),
    await ask(gateway, '/api/v1/runs', { headers: basic('ann', given.password) }),
    await ask(gateway, '/api/v1/runs', { headers: { cookie: `rekindle=${given.cookie}` } }),
    await ask(gateway, `/api/v1/nowhere?token=${given.tokenInAddress}`),
    await ask(gateway, `/login/oidc/callback?code=${given.code}&state=${given.tokenInAddress}`),
    await post('/api/v1/session', ownPage, { token: given.unknownToken }),
    await post('/api/v1/session', ownPage, { token: { a: given.inBody } }),
    await post('/api/v1/platforms/nuvla/restores', bearer(token), { secret: given.inBody }),
    // Taken; concerning no platform; of somebody who does not prove who they are; not to be read.
    await post('/incidents/alertmanager', basic('am', given.sender), {
      ...alertmanager(alert('Down', '2026-01-31T03:00:00Z')),
      secret: inBody,
    }),
    await post('/incidents/alertmanager', basic('am', given.sender), {
      ...alertmanager(alert('Other', '2026-01-31T03:00:00Z')),
      groupKey: 'other',
      groupLabels: {},
      commonLabels: {},
      secret: inBody,
    }),
    await post('/incidents/alertmanager', basic('am', given.password), { secret: given.inBody }),
    await post('/incidents/generic', bearer(given.foreignToken), { secret: given.inBody }),
    await post('/incidents/generic', { ...bearer(given.sender), 'idempotency-key': '1' }, { secret: given.inBody }),
    await post('/incidents/pagerduty', sign('{}', given.key), pagerduty(given.inBody)),
    await post('/incidents/pagerduty', sign(JSON.stringify([inBody]), given.key), [inBody]),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 401, 401, 401, 401, 404, 401, 401, 400, 400, 202, 200, 401, 401, 400, 401, 200]);

  const kept = (await readdir(state, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = await Promise.all(
    kept.map(async ({ parentPath, name }): Promise<Written> => {
      return { where: name, text: await readFile(join(parentPath, name), 'utf8') };
    }),
  );
  expect(lines.length).toBeGreaterThan(4);
  expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(['audit.jsonl', 'incidents.journal']));
  const session = cookie.split('=')[1] ?? '';
  const secrets = { ...given, token, session };
  expect(findSecrets([{ where: 'the log', text: lines.join('') }, ...files], secrets)).toEqual([]);
});
