import { secretsOf } from '../../../operations/preflight/secrets.ts';
import { storesOfKind } from '../../../domain/platform.ts';
import { changed, failureOf, parse } from './platform-file-samples.ts';

const store = (key: string, value: unknown) => changed(['stores', 0, key], value);
const documents = (text: string) => storesOfKind(parse(text), 'elasticsearch')[0];
const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
const secret = { env: 'SECRET' };
const bucket = { kind: 's3', bucket: 'catalogue' };

test('a user of "auth" is the store\'s user', () => {
  const text = store('auth', { kind: 'basic', username: 'backup', password: secret });
  expect(documents(text)).toMatchObject({ username: 'backup', password: secret });
});

test('Amazon: the environment, and the service es, by default', () => {
  expect(documents(store('auth', { kind: 'aws', region: 'eu-west-1' }))?.auth).toEqual({
    kind: 'aws',
    region: 'eu-west-1',
    service: 'es',
    credentials: { kind: 'environment' },
  });
});

test('a catalogue that names no keys takes what the environment gives', () => {
  const { catalogue } = parse(changed(['catalogue'], bucket));
  expect(catalogue).toEqual({ kind: 's3', bucket: 'catalogue', prefix: '', region: 'us-east-1' });
});

test.each<[string, string, string]>([
  [
    'a secret in place of its reference',
    store('auth', { kind: 'bearer', token: 'abc' }),
    'stores[0].auth.token: found a text; expected a reference { file: /path } or { env: NAME }',
  ],
  [
    'two users',
    changed(['stores', 0], {
      ...documentsOf(),
      username: 'a',
      auth: { kind: 'basic', username: 'b', password: secret },
    }),
    'stores[0].auth: name either "auth" or "username" and "password", not both',
  ],
  [
    'a password in the URL of a node',
    store('nodes', ['https://elastic:changeme@es:9200']),
    'stores[0].nodes[0]: holds a user or password; these go into "auth", by reference',
  ],
  [
    'a node that is no URL',
    store('nodes', ['es01:9200']),
    'stores[0].nodes[0]: found a text; expected a URL, http or https',
  ],
  [
    'TLS over plain HTTP',
    store('tls', { ca: '/ca.pem' }),
    'stores[0].tls: the connection is not encrypted: set "scheme: https", or give "nodes" as https URLs',
  ],
  [
    'an authority and a fingerprint',
    store('tls', { ca: '/ca.pem', fingerprint }),
    'stores[0].tls: name either "ca" or "fingerprint", not both',
  ],
  [
    'a certificate without its key',
    store('tls', { certificate: '/c.pem' }),
    'stores[0].tls: "certificate" and "key" belong together',
  ],
  [
    'half of the keys',
    changed(['catalogue'], { ...bucket, accessKey: secret }),
    'catalogue.secretKey: missing; "accessKey" and "secretKey" belong together',
  ],
  [
    'keys and credentials',
    changed(['catalogue'], { ...bucket, accessKey: secret, secretKey: secret, credentials: { kind: 'instance' } }),
    'catalogue.credentials: name either "credentials" or "accessKey" and "secretKey", not both',
  ],
  [
    'a role that is no role',
    changed(['catalogue'], { ...bucket, credentials: { kind: 'role', roleArn: 'backup' } }),
    'catalogue.credentials.roleArn: found a text; must be the ARN of a role: arn:aws:iam::…:role/…',
  ],
  [
    'TLS of ZooKeeper',
    changed(['stores', 1, 'tls'], { ca: '/ca.pem' }),
    'stores[1].tls: Rekindle cannot encrypt its connection to ZooKeeper, since the client library has no TLS (docs/authentication.md#zookeeper)',
  ],
  [
    'SASL of ZooKeeper',
    changed(['stores', 1, 'sasl'], { mechanism: 'DIGEST-MD5' }),
    'stores[1].sasl: Rekindle cannot sign in to ZooKeeper by SASL, since the client library has none; use "digest" (docs/authentication.md#zookeeper)',
  ],
])('%s', (_, text, line) => {
  expect(
    failureOf(() => parse(text))
      .message.split('\n')
      .map((each) => each.trim()),
  ).toContain(line);
});

test('preflight knows every secret that is referred to', () => {
  const text = changed(['stores', 0], {
    ...documentsOf(),
    scheme: 'https',
    auth: { kind: 'aws', region: 'r', credentials: { kind: 'keys', accessKey: secret, secretKey: secret } },
    tls: { certificate: '/c.pem', key: secret, passphrase: secret },
    bucketAccess: { credentials: { kind: 'keys', accessKey: secret, secretKey: secret, sessionToken: secret } },
  });
  expect(secretsOf(parse(text)).map(([purpose]) => purpose)).toEqual([
    'documents.auth.accessKey',
    'documents.auth.secretKey',
    'documents.tls.key',
    'documents.tls.passphrase',
    'documents.bucketAccess.accessKey',
    'documents.bucketAccess.secretKey',
    'documents.bucketAccess.sessionToken',
  ]);
  const catalogue = { ...bucket, accessKey: secret, secretKey: secret, sessionToken: secret };
  expect(secretsOf(parse(changed(['catalogue'], catalogue))).map(([purpose]) => purpose)).toEqual([
    'catalogue.accessKey',
    'catalogue.secretKey',
    'catalogue.sessionToken',
  ]);
});

function documentsOf() {
  return {
    name: 'documents',
    kind: 'elasticsearch',
    service: 'elasticsearch',
    repository: { name: 'backup', type: 's3', settings: { bucket: 'snapshots' } },
  };
}
