import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { catalogueBucket } from '../../../operations/access/open-bucket.ts';
import type { CatalogueLocation } from '../../../domain/platform.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { useAtEnd } from '../../at-end.ts';
import { tlsFixture } from '../secured-elasticsearch.ts';
import { startS3, type S3Server } from './server.ts';

// A real S3 server with a certificate of an authority of its own, as a platform file's catalogue reaches it.

const atEnd = useAtEnd();
type Bucket = Extract<CatalogueLocation, { kind: 's3' }>;
let server: S3Server;

beforeAll(async () => {
  server = await startS3({ tls: true });
});
afterAll(() => server.remove());

const ca = tlsFixture('ca.cert');
const trusted = { ca, serverName: 's3.test' };

async function write(change: Partial<Bucket> = {}, more: NodeJS.ProcessEnv = {}) {
  const { bucket, endpoint, region, accessKey, secretKey } = server.options;
  const keys = { accessKey: { env: 'ACCESS' }, secretKey: { env: 'SECRET' } };
  const location: Bucket = { kind: 's3', bucket, prefix: '', endpoint, region, ...keys, tls: trusted, ...change };
  const variables = { ACCESS: accessKey, SECRET: secretKey, WRONG: 'another-secret', ...more };
  try {
    const storage = s3Storage(await catalogueBucket(location, variables));
    await storage.put('a/b', Buffer.from('content'));
    return Buffer.from((await storage.get('a/b')) ?? []).toString();
  } catch (failure) {
    return failure;
  }
}

const none = { accessKey: undefined, secretKey: undefined };
const fromEnvironment = () => ({
  AWS_ACCESS_KEY_ID: server.options.accessKey,
  AWS_SECRET_ACCESS_KEY: server.options.secretKey,
});

test('an authority from a file; keys of the platform file', async () => {
  expect(await write()).toBe('content');
});

test('a catalogue that names no keys takes those of the environment', async () => {
  expect(await write(none, fromEnvironment())).toBe('content');
});

test.each(['md5', 'crc32', 'sha256'] as const)('the checksum that Object Lock demands: %s', async (checksum) => {
  expect(await write({ checksum })).toBe('content');
});

test.each<[string, Partial<Bucket>, string, RegExp]>([
  ['a wrong secret', { secretKey: { env: 'WRONG' } }, 'WrongCredentials', /SignatureDoesNotMatch/],
  [
    'an unknown authority',
    { tls: { serverName: 's3.test' } },
    'CertificateRefused',
    /it sends CN=server \(SHA-256 [0-9A-F:]{95}\)/,
  ],
  ['another authority', { tls: { ...trusted, ca: tlsFixture('other.cert') } }, 'CertificateRefused', /not known here/],
  ['another name', { tls: { ca } }, 'CertificateRefused', /it is for DNS:es01, DNS:s3.test, not for/],
])('refused: %s', async (_, change, kind, message) => {
  const failure = await write(change);
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) as string });
  expect(JSON.stringify(failure) + String(failure)).not.toContain('another-secret');
});

test('a wrong environment is refused, and its secret is not shown', async () => {
  const failure = await write(none, { ...fromEnvironment(), AWS_SECRET_ACCESS_KEY: 'secret-of-another' });
  expect(failure).toMatchObject({ kind: 'WrongCredentials' });
  expect(JSON.stringify(failure) + String(failure)).not.toContain('secret-of-another');
});

test('through the proxy of the environment, with its password', async () => {
  const proxy = await startProxy();
  const way = { HTTPS_PROXY: `http://me:pass-of-proxy@127.0.0.1:${proxy.port}` };
  expect(await write({}, way)).toBe('content');
  expect(proxy.connected).toContain(`${new URL(server.options.endpoint).host} me:pass-of-proxy`);
  proxy.connected.length = 0;
  expect(await write({ region: 'us-east-1' }, { ...way, NO_PROXY: new URL(server.options.endpoint).hostname })).toBe(
    'content',
  );
  expect(proxy.connected).toEqual([]);
});

/** Forwards CONNECT, and remembers where to and for whom. */
async function startProxy() {
  const connected: string[] = [];
  const proxy = createServer((asked, response) => {
    asked.pipe(
      request(asked.url ?? '', { method: asked.method, headers: asked.headers }, (answer) => answer.pipe(response)),
    );
  });
  proxy.on('connect', (asked, socket) => {
    const [, credentials = ''] = (asked.headers['proxy-authorization'] ?? '').split(' ');
    connected.push(`${asked.url} ${Buffer.from(credentials, 'base64').toString()}`);
    const { hostname, port } = new URL(`http://${asked.url}`);
    const there = connect(Number(port || 80), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    for (const each of [there, socket]) each.on('error', () => [there, socket].forEach((one) => one.destroy()));
    atEnd(() => there.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  atEnd(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { port: (proxy.address() as AddressInfo).port, connected };
}
