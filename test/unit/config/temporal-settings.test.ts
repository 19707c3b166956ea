import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { readEnvironment, withOwnTemporal } from '../../../config/environment.ts';
import { redact } from '../../../config/redaction.ts';
import { meaningOf } from '../../../config/temporal/probe.ts';
import { readCredentials } from '../../../config/temporal/credentials.ts';
import { Failure } from '../../../domain/failures.ts';
import { makeAuthority } from '../../certificates.ts';

// cspell:ignore adress TLSV tmprl

const folder = mkdtempSync(path.join(tmpdir(), 'rkt-temporal-settings-'));
const authority = makeAuthority('unit');
const pair = authority.issue();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const profiles = fileOf(
  'temporal.toml',
  `[profile.default]
address = "first.example:7233"
[profile.cloud]
address = "shop.a1b2c.tmprl.cloud:7233"
namespace = "shop.a1b2c"
api_key = "key-in-the-file"
[profile.cloud.grpc_meta]
X_Tenant_Of_Ours = "north"
[profile.nowhere]
adress = "typo.example:7233"
`,
);

function failureOf(variables: Record<string, string>): Failure {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it was taken');
}

test('nothing set: no address, the default namespace, nothing demanded', () => {
  const { temporalAddress, temporalNamespace, temporal } = readEnvironment({});
  expect({ temporalAddress, temporalNamespace, temporal }).toEqual({ temporalNamespace: 'default' });
});

test('what a Compose file makes of variables that are not set counts as not set', () => {
  const empty = { TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '', TEMPORAL_API_KEY: '', TEMPORAL_PROFILE: '' };
  expect(readEnvironment({ ...empty, TEMPORAL_TLS: '' })).toMatchObject({ temporalNamespace: 'default' });
  expect(readEnvironment(empty).temporal).toBeUndefined();
});

test('a profile gives address, namespace, API key and headers; an API key switches TLS on', () => {
  const environment = readEnvironment({ TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: 'cloud' });
  expect(environment).toMatchObject({
    temporalAddress: 'shop.a1b2c.tmprl.cloud:7233',
    temporalNamespace: 'shop.a1b2c',
    temporal: { tls: {}, headers: { 'x-tenant-of-ours': 'north' } },
  });
  expect(environment.temporal?.apiKey).toEqual({
    value: 'key-in-the-file',
    from: `api_key of the profile "cloud" in ${profiles}`,
  });
  expect(redact('Bearer key-in-the-file')).toBe('Bearer [secret]');
});

test('variables go before the profile, the default profile before nothing', () => {
  expect(readEnvironment({ TEMPORAL_CONFIG_FILE: profiles }).temporalAddress).toBe('first.example:7233');
  const variables = {
    TEMPORAL_CONFIG_FILE: profiles,
    TEMPORAL_PROFILE: 'cloud',
    TEMPORAL_ADDRESS: 'other.example:7233',
  };
  expect(readEnvironment(variables)).toMatchObject({
    temporalAddress: 'other.example:7233',
    temporalNamespace: 'shop.a1b2c',
  });
});

test("the file's usual place is this user's; it may be absent, and may have no profiles", () => {
  expect(readEnvironment({ HOME: folder, TEMPORAL_ADDRESS: 'a:1' }).temporalAddress).toBe('a:1');
  expect(readEnvironment({ TEMPORAL_CONFIG_FILE: devNull, TEMPORAL_ADDRESS: 'a:1' }).temporalAddress).toBe('a:1');
});

test('a Temporal of our own is asked with nothing of this', () => {
  const environment = readEnvironment({ TEMPORAL_CONFIG_FILE: profiles, TEMPORAL_PROFILE: 'cloud' });
  const { temporalAddress, temporalNamespace, temporal } = withOwnTemporal(environment, '127.0.0.1:7');
  expect([temporalAddress, temporalNamespace, temporal]).toEqual(['127.0.0.1:7', 'default', undefined]);
});

test.each([
  [
    { TEMPORAL_PROFILE: 'other' },
    /no profile "other" \(TEMPORAL_PROFILE\) in .*temporal\.toml/,
    'default, cloud, nowhere',
  ],
  [{ TEMPORAL_PROFILE: 'nowhere' }, /"nowhere" in .* has no address/, '[profile.nowhere]'],
  [{ TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' }, /\/nowhere\/temporal\.toml cannot be read: ENOENT/, 'readable'],
  [
    { TEMPORAL_TLS_CLIENT_CERT_PATH: '/c.pem' },
    /^TEMPORAL_TLS_CLIENT_CERT_PATH is set, but not the key/,
    '_CLIENT_KEY_PATH',
  ],
  [
    { TEMPORAL_TLS_CLIENT_KEY_DATA: 'k' },
    /^TEMPORAL_TLS_CLIENT_KEY_DATA is set, but not the cert/,
    '_CLIENT_CERT_PATH',
  ],
  [
    { TEMPORAL_TLS_CLIENT_CERT_PATH: '/c.pem', TEMPORAL_TLS_CLIENT_CERT_DATA: 'c' },
    /Cannot specify both client_cert_path and client_cert_data/,
    'docs/temporal.md',
  ],
  [{ TEMPORAL_API_KEY: 'one', REKINDLE_TEMPORAL_API_KEY_FILE: '/f' }, /are both set/, 'Keep one of them'],
  [{ TEMPORAL_API_KEY: 'one', TEMPORAL_GRPC_META_AUTHORIZATION: 'Bearer two' }, /a header "authorization"/, 'Keep one'],
  [{ TEMPORAL_API_KEY: 'the-key', TEMPORAL_TLS: 'false' }, /would be sent unencrypted/, 'Unset TEMPORAL_TLS'],
])('refused: %j', (variables, message, remedy) => {
  const failure = failureOf({ TEMPORAL_CONFIG_FILE: profiles, ...(variables as Record<string, string>) });
  expect(failure).toMatchObject({ kind: 'InvalidArgument', message: expect.stringMatching(message) as string });
  expect(failure.remedy).toContain(remedy);
});

test('a file that is not TOML: the line, not what stands there', () => {
  const file = fileOf('broken.toml', '[profile.default]\naddress = "a:1"\napi_key = "the-secret\n');
  const { message } = failureOf({ TEMPORAL_CONFIG_FILE: file });
  expect(message).toContain(`${file} and TEMPORAL_*: line 3 is not TOML`);
  expect(message).not.toContain('the-secret');
});

describe('certificates and keys, read when a connection is made', () => {
  const paths = (certificate: string, key: string) => ({
    TEMPORAL_TLS_CLIENT_CERT_PATH: fileOf('c.pem', certificate),
    TEMPORAL_TLS_CLIENT_KEY_PATH: fileOf('c.key', key),
  });
  const read = (variables: Record<string, string>) => readCredentials(readEnvironment(variables).temporal);

  test('a pair that belongs together', async () => {
    const { tls } = await read(paths(pair.certificate, pair.key));
    expect(tls?.client).toMatchObject(pair);
  });

  test.each([
    [
      'of two pairs',
      () => paths(pair.certificate, authority.issue().key),
      /c\.key .*is not the key of the certificate in/,
    ],
    [
      'no certificate',
      () => paths('nothing', pair.key),
      /c\.pem \(TEMPORAL_TLS_CLIENT_CERT_PATH\) is not a certificate/,
    ],
    ['no key', () => paths(pair.certificate, 'nothing'), /c\.key .* is not a private key without a passphrase/],
    [
      'absent',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere.pem' }),
      /^\/nowhere\.pem \(TEMPORAL_TLS_SERVER_CA_CERT_PATH\) cannot be read: ENOENT/,
    ],
    ['no key in the file', () => ({ REKINDLE_TEMPORAL_API_KEY_FILE: fileOf('empty', '\n') }), /is empty/],
    ['no such key file', () => ({ REKINDLE_TEMPORAL_API_KEY_FILE: '/nowhere' }), /^\/nowhere .*cannot be read: ENOENT/],
  ])('refused: %s', async (_what, variables, message) => {
    await expect(read(variables())).rejects.toMatchObject({
      kind: 'InvalidArgument',
      message: expect.stringMatching(message) as string,
    });
  });

  test('a key file that is being replaced leaves the key as it was', async () => {
    const file = fileOf('api-key', 'one-key\n');
    const { apiKey } = await read({ REKINDLE_TEMPORAL_API_KEY_FILE: file });
    expect(apiKey?.()).toBe('one-key');
    rmSync(file);
    expect(apiKey?.()).toBe('one-key');
    writeFileSync(file, 'another-key');
    expect(apiKey?.()).toBe('another-key');
  });
});

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true, 'refused'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true, 'refused'],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', true, 'refused'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', false, 'refused'],
  ['ECONNRESET', true, 'refused'],
  ['SELF_SIGNED_CERT_IN_CHAIN', false, 'untrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'untrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'no TLS'],
  ['ECONNREFUSED', false, 'silent'],
])('an end with %s (encrypted: %s) means: %s', (code, encrypted, end) => {
  expect(meaningOf(code, encrypted)).toMatchObject({ end });
});
