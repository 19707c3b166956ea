import { openElasticsearch } from '../../../operations/access/open-elasticsearch.ts';
import type { ElasticsearchStore } from '../../../domain/platform.ts';
import { attempt } from '../../../systems/elasticsearch/errors.ts';
import { presentedChain } from '../../../systems/tls/presented-chain.ts';
import { useAtEnd } from '../../at-end.ts';
import { signingProxy } from '../../signing-proxy.ts';
import { storeOf } from '../../store-of.ts';
import { startSecured, tlsFixture, type SecuredElasticsearch } from '../secured-elasticsearch.ts';

// A real Elasticsearch with users and TLS: who is let in, which certificates are trusted, and what a refusal says.

const atEnd = useAtEnd();
const password = 'password-of-the-test';
const variables = { PASSWORD: password, WRONG: 'wrong-password' };
let server: SecuredElasticsearch;

beforeAll(async () => {
  server = await startSecured({
    tls: 'server',
    users: {
      admin: { password, roles: ['superuser'] },
      watcher: { password, roles: ['monitor_only'] },
    },
    roles: 'monitor_only:\n  cluster: [monitor]\n',
  });
}, 180_000);
afterAll(() => server.remove());

const ca = tlsFixture('ca.cert');
const secured = (change: Partial<ElasticsearchStore> = {}): ElasticsearchStore => ({
  ...storeOf({ scheme: 'https', address: server.address }),
  username: 'admin',
  password: { env: 'PASSWORD' },
  tls: { ca, serverName: 'es01' },
  ...change,
});

/** The cluster's name, or the failure. */
async function ask(store: ElasticsearchStore, more: NodeJS.ProcessEnv = {}, work?: 'delete') {
  try {
    const found = () => Promise.resolve([{ service: 'platform/es01', host: server.address, port: 9200 }]);
    const client = await openElasticsearch(store, { variables: { ...variables, ...more }, found });
    atEnd(() => client.close());
    if (work) return await attempt('delete the index', () => client.indices.delete({ index: 'x' }));
    return (await attempt('read the health', () => client.cluster.health())).cluster_name;
  } catch (failure) {
    return failure;
  }
}

async function fingerprints(): Promise<string[]> {
  const chain = await presentedChain({ host: server.address, port: 9200 });
  return (chain ?? []).map(({ fingerprint256 }) => fingerprint256);
}

test('an authority from a file, and the name of the certificate', async () => {
  expect(await ask(secured())).toBe('rekindle-stack');
});

test("a node that Docker found is verified by its service's name", async () => {
  expect(await ask(secured({ address: undefined, tls: { ca } }))).toBe('rekindle-stack');
});

test('a fingerprint, of the authority or of the server itself, with colons or without', async () => {
  const [own = '', authority = ''] = await fingerprints();
  for (const fingerprint of [authority, own, authority.replaceAll(':', '').toLowerCase()])
    expect(await ask(secured({ tls: { fingerprint, serverName: 'es01' } }))).toBe('rekindle-stack');
});

test('one of three nodes down, by URL: it goes on', async () => {
  const nodes = ['https://127.0.0.1:9', `https://${server.address}:9200`, 'https://no-such-host.invalid:9200'];
  expect(await ask(secured({ address: undefined, nodes }))).toBe('rekindle-stack');
});

test('an unknown authority: the fingerprint to paste is shown, and works', async () => {
  const failure = (await ask(secured({ tls: { serverName: 'es01' } }))) as Error & { remedy: string };
  const [own = '', authority = ''] = await fingerprints();
  expect(failure).toMatchObject({
    kind: 'CertificateRefused',
    message: expect.stringContaining(`its authority is not known here; it sends CN=server (SHA-256 ${own})`) as string,
    remedy: expect.stringContaining(`fingerprint: '${authority}'`) as string,
  });
  const [, pasted = ''] = /fingerprint: '([^']+)'/.exec(failure.remedy) ?? [];
  expect(await ask(secured({ tls: { fingerprint: pasted, serverName: 'es01' } }))).toBe('rekindle-stack');
});

test.each<[string, Partial<ElasticsearchStore>, string, RegExp]>([
  [
    'another authority',
    { tls: { ca: tlsFixture('other.cert'), serverName: 'es01' } },
    'CertificateRefused',
    /its authority is not known/,
  ],
  [
    'another fingerprint',
    { tls: { fingerprint: 'ab'.repeat(32) } },
    'CertificateRefused',
    /none of its certificates has the fingerprint/,
  ],
  ['another name', { tls: { ca } }, 'CertificateRefused', /it is for DNS:es01, DNS:s3.test, not for \d/],
  [
    'a CA file that is not there',
    { tls: { ca: '/nowhere.pem' } },
    'InvalidArgument',
    /\/nowhere.pem of "tls.ca" cannot be read: ENOENT/,
  ],
  ['a key in place of the CA', { tls: { ca: tlsFixture('ca.key') } }, 'InvalidArgument', /holds no certificate/],
  ['a wrong password', { password: { env: 'WRONG' } }, 'WrongCredentials', /unable to authenticate user \[admin\]/],
  [
    'no user at all',
    { username: undefined, password: undefined },
    'WrongCredentials',
    /missing authentication credentials/,
  ],
  ['http where it speaks https', { scheme: 'http', tls: undefined }, 'ElasticsearchUnreachable', /./],
])('refused: %s', async (_, change, kind, message) => {
  const failure = await ask(secured(change));
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) as string });
  expect(JSON.stringify(failure) + String(failure)).not.toContain('wrong-password');
});

test('the user is known, and may not: the privilege is named', async () => {
  expect(await ask(secured({ username: 'watcher' }), {}, 'delete')).toMatchObject({
    kind: 'AccessDenied',
    message: expect.stringMatching(/\[indices:admin\/delete\] is unauthorized for user \[watcher\]/) as string,
  });
});

test('https where it speaks http', async () => {
  const plain = await signingProxy(
    new URL('http://127.0.0.1:9'),
    { accessKey: '', secretKey: '', region: '', service: '' },
    atEnd,
  );
  const nodes = [plain.url.replace('http:', 'https:')];
  expect(await ask(secured({ address: undefined, nodes }))).toMatchObject({
    kind: 'CertificateRefused',
    message: expect.stringContaining('does not speak TLS') as string,
  });
});
