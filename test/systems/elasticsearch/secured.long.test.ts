import { openElasticsearch } from '../../../operations/access/open-elasticsearch.ts';
import type { TlsSettings } from '../../../domain/authentication.ts';
import { attempt } from '../../../systems/elasticsearch/errors.ts';
import { useAtEnd } from '../../at-end.ts';
import { storeOf } from '../../store-of.ts';
import { startSecured, tlsFixture, type SecuredElasticsearch } from '../secured-elasticsearch.ts';

// An Elasticsearch that wants a certificate of its clients.

const atEnd = useAtEnd();
let server: SecuredElasticsearch;

beforeAll(async () => {
  const users = { admin: { password: 'password-of-the-test', roles: ['superuser'] } };
  server = await startSecured({ tls: 'client', users });
}, 240_000);
afterAll(() => server.remove());

const own = { certificate: tlsFixture('client.cert'), key: { file: tlsFixture('client.key') } };

/**
 * With TLS 1.3 the server judges the certificate when the client counts the connection as made: it may be told why, or find
 * the connection closed. Then nobody has answered, and people are shown where to look.
 */
const refused = {
  kind: expect.stringMatching(/^(CertificateRefused|ElasticsearchUnreachable)$/) as string,
  message: expect.stringMatching(
    /^The certificate of .* is refused: |^Could not read the health: .*(socket|closed|reset|alert)/i,
  ) as string,
  remedy: expect.stringMatching(/certificate|runs and that the worker reaches/) as string,
};

test.each<[string, TlsSettings, object | string]>([
  ['its own certificate', own, 'rekindle-stack'],
  ['none', {}, refused],
  [
    'a certificate that has expired',
    { certificate: tlsFixture('expired.cert'), key: { file: tlsFixture('expired.key') } },
    refused,
  ],
])('a client with %s', async (_, change, wanted) => {
  const found = await attempt('read the health', () => clusterNameFor(change)).catch((failure: unknown) => failure);
  if (typeof wanted === 'string') expect(found).toBe(wanted);
  else expect(found).toMatchObject(wanted);
  // Refused for what it showed, and not because the server is gone or is not trusted.
  expect(await clusterNameFor(own)).toBe('rekindle-stack');
});

async function clusterNameFor(change: TlsSettings): Promise<string> {
  const tls = { ca: tlsFixture('ca.cert'), serverName: 'es01', ...change };
  const user = { username: 'admin', password: { env: 'PASSWORD' } };
  const store = storeOf({ scheme: 'https', address: server.address, tls, ...user });
  const variables = { PASSWORD: 'password-of-the-test' };
  const client = await openElasticsearch(store, { variables, found: () => Promise.resolve([]) });
  atEnd(() => client.close());
  return (await client.cluster.health()).cluster_name;
}
