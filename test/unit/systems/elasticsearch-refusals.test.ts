import { connectNodes, type Client, type Credentials } from '../../../systems/elasticsearch/client.ts';
import { attempt } from '../../../systems/elasticsearch/errors.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch } from '../../fake-elasticsearch.ts';

// cspell:ignore apikey
const atEnd = useAtEnd();
const security = (status: number, reason: string, why?: string) => ({
  status,
  error: {
    type: 'security_exception',
    reason,
    ...(why !== undefined && { additional_unsuccessful_credentials: why }),
  },
});
const health = (client: Client) => attempt('read the health', () => client.cluster.health());

test.each<[string, ReturnType<typeof security>, string, RegExp]>([
  ['nobody knows who asks', security(401, 'unable to authenticate user [x]'), 'WrongCredentials', /does not know it/],
  ['expired', security(401, 'access token is expired'), 'WrongCredentials', /has expired/],
  [
    'a key that is expired',
    security(401, 'unable to authenticate with provided credentials', 'API key: api key is expired'),
    'WrongCredentials',
    /has expired/,
  ],
  [
    'a key that is wrong',
    security(401, 'unable to authenticate with provided credentials', 'API key: unable to find apikey with id foo'),
    'WrongCredentials',
    /does not know it/,
  ],
  [
    'known, and may not',
    security(403, 'action [cluster:admin/snapshot/delete] is unauthorized for user [x] with effective roles [y]'),
    'AccessDenied',
    /grant the privileges of deploy\/rights\/elasticsearch\//,
  ],
])('told apart: %s', async (_, answer, kind, remedy) => {
  const { client } = await fakeElasticsearch(() => answer, atEnd);
  await expect(health(client)).rejects.toMatchObject({
    kind,
    message: `Could not read the health: ${answer.error.reason}`,
    remedy: expect.stringMatching(remedy) as string,
  });
});

test.each<[string, Credentials | undefined, string | undefined]>([
  ['none', undefined, undefined],
  ['basic', { username: 'u', password: 'p' }, `Basic ${Buffer.from('u:p').toString('base64')}`],
  ['API key', { apiKey: 'aWQ6a2V5' }, 'ApiKey aWQ6a2V5'],
  ['bearer', { bearer: 'token' }, 'Bearer token'],
])('what is sent: %s', async (_, credentials, wanted) => {
  const { url, asked } = await fakeElasticsearch(() => ({ body: {} }), atEnd);
  const client = connectNodes([{ url }], credentials);
  atEnd(() => client.close());
  await client.cluster.health();
  expect(asked[0]?.headers.authorization).toBe(wanted);
});

describe('several nodes', () => {
  const dead = { url: new URL('http://127.0.0.1:9') };
  const absent = { url: new URL('http://no-such-host.invalid:9200') };

  test('those that are down are passed over, for reading and for writing', async () => {
    const { url, asked } = await fakeElasticsearch(() => ({ body: {} }), atEnd);
    const client = connectNodes([dead, absent, { url }]);
    atEnd(() => client.close());
    await client.cluster.health();
    await client.index({ index: 'a', document: {} });
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('all down: out of reach', async () => {
    const client = connectNodes([dead, absent]);
    atEnd(() => client.close());
    await expect(health(client)).rejects.toMatchObject({ kind: 'ElasticsearchUnreachable' });
  });

  test('a write that was cut off is not sent to another node; what reads is', async () => {
    const cut = await fakeElasticsearch(() => 'cut off', atEnd);
    const { url, asked } = await fakeElasticsearch(() => ({ body: {} }), atEnd);
    const client = connectNodes([{ url: cut.url }, { url }]);
    atEnd(() => client.close());
    await expect(
      attempt('restore', () => client.snapshot.restore({ repository: 'r', snapshot: 's' })),
    ).rejects.toMatchObject({ kind: 'ElasticsearchUnreachable' });
    expect(asked).toEqual([]);
    await client.cluster.health();
    expect([cut.asked.length, asked.length]).toEqual([2, 1]);
  });

  test('what one node refuses, none other is asked for', async () => {
    const refusing = await fakeElasticsearch(() => security(403, 'no'), atEnd);
    const { url, asked } = await fakeElasticsearch(() => ({ body: {} }), atEnd);
    const client = connectNodes([{ url: refusing.url }, { url }]);
    atEnd(() => client.close());
    await expect(health(client)).rejects.toMatchObject({ kind: 'AccessDenied' });
    expect(asked).toEqual([]);
  });
});
