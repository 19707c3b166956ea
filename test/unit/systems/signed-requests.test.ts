import type { AwsKeyPair } from '../../../systems/aws/credentials.ts';
import { awsSigner } from '../../../systems/aws/sign.ts';
import { connectNodes, type Client } from '../../../systems/elasticsearch/client.ts';
import { attempt } from '../../../systems/elasticsearch/errors.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch } from '../../fake-elasticsearch.ts';
import { signingProxy } from '../../signing-proxy.ts';

// cspell:ignore AKIDEXAMPLE AKIDOTHER Jalr

const atEnd = useAtEnd();
const right = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const by = { accessKey: right.accessKeyId, secretKey: right.secretAccessKey, region: 'eu-west-1', service: 'es' };

async function scene({
  keys = right,
  ...more
}: { keys?: AwsKeyPair; region?: string; sessionToken?: string; clockAheadMs?: number } = {}) {
  const { sessionToken, clockAheadMs, region = 'eu-west-1' } = more;
  const { asked, url } = await fakeElasticsearch(({ path }) => ({ body: { path } }), atEnd);
  const proxy = await signingProxy(url, { ...by, ...(sessionToken && { sessionToken }) }, atEnd, { clockAheadMs });
  const sign = awsSigner({ keys: () => Promise.resolve(keys), region, service: 'es' });
  const client = connectNodes([{ url: new URL(proxy.url) }], { sign });
  atEnd(() => client.close());
  return { client, asked, proxy };
}

const refused = async (client: Client) =>
  attempt('read the health', () => client.cluster.health()).then(
    () => 'let through',
    (failure: unknown) => failure,
  );

test.each<[string, (client: Client) => Promise<unknown>]>([
  ['a plain request', (client) => client.cluster.health()],
  ['with a body', (client) => client.index({ index: 'a', document: { text: 'ü + 日本' } })],
  ['with a body of many lines', (client) => client.bulk({ operations: [{ index: { _index: 'a' } }, { a: 1 }] })],
  ['patterns, commas, a minus', (client) => client.indices.get({ index: ['a*', '-b!(c)', '<d-{now/d}>'] })],
  ['a query with blanks and pluses', (client) => client.search({ index: 'a', q: 'x:"a b" + c&d=é' })],
  ['a name with blanks', (client) => client.get({ index: 'a', id: "it's a/b c" })],
  ['no value', (client) => client.indices.getAlias()],
])('the right signature is let through: %s', async (_, ask) => {
  const { client, proxy } = await scene();
  await ask(client);
  expect(proxy.seen).toEqual([expect.stringMatching(/^passed /)]);
});

test('what arrives is what was asked', async () => {
  const { client, asked } = await scene();
  await client.indices.get({ index: ['a*', 'b c'] });
  await client.search({ index: 'a', q: 'x + y' });
  expect(asked.map(({ path }) => path)).toEqual(['/a*,b c', '/a/_search']);
  expect(asked[1]?.query.get('q')).toBe('x + y');
});

test('temporary keys send their token', async () => {
  const keys = { ...right, sessionToken: 'session/token==' };
  const { client, proxy } = await scene({ keys, sessionToken: keys.sessionToken });
  await client.cluster.health();
  expect(proxy.seen[0]).toMatch(/^passed/);
});

test.each<[string, Parameters<typeof scene>[0], { kind: string; message: RegExp; remedy: RegExp }]>([
  [
    'a wrong secret',
    { keys: { ...right, secretAccessKey: 'another-secret-key' } },
    { kind: 'WrongCredentials', message: /signature we calculated/, remedy: /Correct the store's user, key or token/ },
  ],
  [
    'an unknown key',
    { keys: { ...right, accessKeyId: 'AKIDOTHER' } },
    { kind: 'WrongCredentials', message: /security token .* invalid/, remedy: /Correct/ },
  ],
  [
    'another region',
    { region: 'us-east-1' },
    { kind: 'WrongCredentials', message: /scoped to a valid region/, remedy: /Correct/ },
  ],
  [
    'a clock that is behind',
    { clockAheadMs: 7 * 60_000 },
    {
      kind: 'ClockSkew',
      message: /Signature expired.*the clock here shows 20.*the server's 20/,
      remedy: /Set the clock/,
    },
  ],
  [
    'a clock that is ahead',
    { clockAheadMs: -7 * 60_000 },
    { kind: 'ClockSkew', message: /not yet current/, remedy: /Set the clock/ },
  ],
])('refused: %s', async (_, change, wanted) => {
  const { client } = await scene(change);
  const failure = await refused(client);
  expect(failure).toMatchObject({
    kind: wanted.kind,
    message: expect.stringMatching(wanted.message) as string,
    remedy: expect.stringMatching(wanted.remedy) as string,
  });
  expect(JSON.stringify(failure) + String(failure)).not.toMatch(/another-secret-key|wJalr/);
});

test('without a signature nothing is let through', async () => {
  const { proxy } = await scene();
  const client = connectNodes([{ url: new URL(proxy.url) }], { apiKey: 'x' });
  atEnd(() => client.close());
  expect(await refused(client)).toMatchObject({ kind: 'WrongCredentials' });
});
