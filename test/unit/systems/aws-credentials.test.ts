import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { keysFrom } from '../../../operations/access/aws-keys.ts';
import { redact } from '../../../config/redaction.ts';
import type { AwsCredentials } from '../../../domain/authentication.ts';
import { useAtEnd } from '../../at-end.ts';

// cspell:ignore AKIDENV AKIDFILE AKIDINI imds

const atEnd = useAtEnd();
const region = 'eu-west-1';
const roleArn = 'arn:aws:iam::123456789012:role/backup';
const environment = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'environment-secret-key' };

/** STS and both metadata services in one, with an endless row of keys: `sts-1`, `sts-2`, …. */
async function amazon({ secondsLeft = 3600 } = {}) {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const form = new URLSearchParams(body);
      asked.push(form.get('Action') ?? `${incoming.method} ${incoming.url}`);
      const count = asked.length;
      const expires = new Date(Date.now() + secondsLeft * 1000).toISOString();
      const keys = { AccessKeyId: `AKID${count}`, SecretAccessKey: `secret-number-${count}` };
      if (form.has('Action')) {
        const result = `<Credentials><AccessKeyId>${keys.AccessKeyId}</AccessKeyId><SecretAccessKey>${keys.SecretAccessKey}</SecretAccessKey><SessionToken>token-${form.get('RoleSessionName')}</SessionToken><Expiration>${expires}</Expiration></Credentials>`;
        const action = form.get('Action');
        return response
          .setHeader('content-type', 'text/xml')
          .end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
      }
      if (incoming.url?.endsWith('/latest/api/token')) return response.end('imds');
      if (incoming.url?.endsWith('/security-credentials/')) return response.end('role');
      const answer = { ...keys, Token: 'token-of-metadata', Expiration: expires, Code: 'Success' };
      return response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // AWS's own SDK reads these from the process.
  set('AWS_ENDPOINT_URL_STS', url);
  set('AWS_EC2_METADATA_SERVICE_ENDPOINT', url);
  set('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${url}/container`);
  return { asked, url };
}

function set(name: string, value: string) {
  const before = process.env[name];
  process.env[name] = value;
  atEnd(() => (before === undefined ? Reflect.deleteProperty(process.env, name) : (process.env[name] = before)));
}

async function file(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-aws-'));
  atEnd(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), content);
  return join(folder, 'file');
}

const open = (credentials: AwsCredentials, variables: NodeJS.ProcessEnv = {}) =>
  keysFrom(credentials, { purpose: 'catalogue.credentials', region, variables });

test('keys of the platform file, with a session token', async () => {
  const variables = { A: 'AKIDFILE', S: 'secret-of-the-file', T: 'token-of-the-file' };
  const keys = { accessKey: { env: 'A' }, secretKey: { env: 'S' }, sessionToken: { env: 'T' } };
  expect(await (await open({ kind: 'keys', ...keys }, variables))()).toEqual({
    accessKeyId: 'AKIDFILE',
    secretAccessKey: 'secret-of-the-file',
    sessionToken: 'token-of-the-file',
  });
  await expect(open({ kind: 'keys', ...keys }, {})).rejects.toMatchObject({ kind: 'MissingSecret' });
});

test('the environment', async () => {
  const variables = { ...environment, AWS_SESSION_TOKEN: 'environment-token' };
  expect(await (await open({ kind: 'environment' }, variables))()).toEqual({
    accessKeyId: 'AKIDENV',
    secretAccessKey: 'environment-secret-key',
    sessionToken: 'environment-token',
  });
  expect(redact('it is environment-secret-key with environment-token')).toBe('it is [secret] with [secret]');
});

test.each([
  ['named in the platform file', { kind: 'profile', profile: 'backup' } as const, {}],
  ['named by AWS_PROFILE', { kind: 'environment' } as const, { AWS_PROFILE: 'backup' }],
])('a profile %s', async (_, credentials, more) => {
  const shared = await file('[backup]\naws_access_key_id = AKIDINI\naws_secret_access_key = secret-of-a-profile\n');
  const found = await (await open(credentials, { AWS_SHARED_CREDENTIALS_FILE: shared, ...more }))();
  expect(found).toMatchObject({ accessKeyId: 'AKIDINI', secretAccessKey: 'secret-of-a-profile' });
});

test('a role, assumed once with the keys of the environment, and masked', async () => {
  const { asked } = await amazon();
  const role: AwsCredentials = { kind: 'role', roleArn, sessionName: 'rekindle', externalId: 'outside' };
  const keys = await open(role, environment);
  expect(await keys()).toMatchObject({ accessKeyId: 'AKID1', sessionToken: 'token-rekindle' });
  await keys();
  await (
    await open(role, environment)
  )();
  expect(asked).toEqual(['AssumeRole']);
  expect(redact('secret-number-1, token-rekindle')).toBe('[secret], [secret]');
});

test('keys are renewed before they expire', async () => {
  const { asked } = await amazon({ secondsLeft: 200 });
  const keys = await open({ kind: 'role', roleArn, sessionName: 'short' }, environment);
  await keys();
  expect(await keys()).toMatchObject({ accessKeyId: 'AKID2' });
  expect(asked).toEqual(['AssumeRole', 'AssumeRole']);
});

test('web identity', async () => {
  const { asked } = await amazon();
  const tokenFile = await file('a.web.token');
  const keys = await open({ kind: 'webIdentity', roleArn, sessionName: 'pod', tokenFile });
  expect(await keys()).toMatchObject({ accessKeyId: 'AKID1', sessionToken: 'token-pod' });
  expect(asked).toEqual(['AssumeRoleWithWebIdentity']);
});

test.each(['instance', 'container'] as const)('the metadata of the %s', async (kind) => {
  await amazon();
  expect(await (await open({ kind }, { AWS_REGION: kind }))()).toMatchObject({ sessionToken: 'token-of-metadata' });
});

test.each<[string, AwsCredentials, RegExp]>([
  ['no such profile', { kind: 'profile', profile: 'nobody' }, /in the profile nobody: /],
  [
    'no token',
    { kind: 'webIdentity', roleArn, sessionName: 'x', tokenFile: '/nowhere' },
    /for the web identity arn:aws/,
  ],
])('nothing found: %s', async (_, credentials, message) => {
  const keys = await open(credentials, {
    AWS_SHARED_CREDENTIALS_FILE: await file(''),
    AWS_CONFIG_FILE: await file(''),
  });
  await expect(keys()).rejects.toMatchObject({
    kind: 'WrongCredentials',
    message: expect.stringMatching(message) as string,
    remedy: expect.stringContaining('docs/authentication.md') as string,
  });
});
