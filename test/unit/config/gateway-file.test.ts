import { stringify } from 'yaml';
import { loadGatewayFile, parseGatewayFile } from '../../../config/gateway-file.ts';
import { readEnvironment } from '../../../config/environment.ts';
import type { Failure } from '../../../domain/failures.ts';

// cspell:ignore acces

const oidc = {
  issuer: 'https://login.example.org',
  clientId: 'rekindle',
  clientSecret: { file: '/run/secrets/oidc' },
  roles: { claim: 'groups', approver: ['oncall'] },
};
const proxy = { from: ['10.0.0.0/24'], nameHeader: 'X-Forwarded-User', roles: { viewer: ['*'] } };

test('an empty file configures nothing', () => {
  expect(parseGatewayFile('{}', 'gateway.yaml', {})).toEqual({});
  expect(parseGatewayFile('access: {}', 'gateway.yaml', {})).toEqual({ access: { monitoring: 'open' } });
});

test('header names are compared without case, and what was left out has its default', () => {
  const { access } = parseGatewayFile(
    stringify({ url: 'https://rekindle.example.org', access: { oidc, trustedProxy: proxy } }),
    'gateway.yaml',
    {},
  );
  expect(access?.trustedProxy).toMatchObject({ nameHeader: 'x-forwarded-user', roles: { operator: [] } });
  expect(access?.oidc).toMatchObject({ nameClaim: 'preferred_username', scopes: ['openid', 'profile', 'email'] });
});

test.each([
  [{ acces: {} }, ['acces: unknown key; did you mean "access"?']],
  [{ url: 'rekindle.example.org' }, ['url: found a text; expected a URL']],
  [{ access: { tokens: 'yes' } }, ['access.tokens: found a text; expected a boolean']],
  [
    { access: { tokens: false } },
    ['access.tokens: is false, and neither oidc nor trustedProxy is given: nobody could log in'],
  ],
  [
    { access: { oidc } },
    ['url: missing; access.oidc needs the address to which people come back after they logged in'],
  ],
  [
    { url: 'https://a.example', access: { oidc: { ...oidc, issuer: 'http://login.example.org' } } },
    ['access.oidc.issuer: must begin with https:// (http only for this machine itself)'],
  ],
  [
    { url: 'https://a.example', access: { oidc: { ...oidc, clientSecret: 'hunter2' } } },
    ['access.oidc.clientSecret: found a text; expected a reference { file: /path } or { env: NAME }'],
  ],
  [
    { access: { trustedProxy: { ...proxy, from: ['10.0.0.0/99'] } } },
    ['access.trustedProxy.from[0]: must be an address or a network, for instance 10.0.0.5 or 10.0.0.0/24'],
  ],
  [
    { access: { trustedProxy: { ...proxy, roles: {} } } },
    ['access.trustedProxy.roles: gives nobody a role: name who is viewer, operator or approver'],
  ],
  [{ tls: { certificate: '/a.pem' } }, ['tls.key: missing; expected a text']],
])('a fault names its field and what to write: %j', (file, expected) => {
  expect(faultsOf(stringify(file))).toEqual(expected);
});

test('invalid YAML is named by its line', () => {
  expect(faultsOf('url: https://a.example\naccess: [')).toEqual([
    expect.stringMatching(/^line 2, column \d+: not valid YAML/) as string,
  ]);
});

test('a file that is named must exist; gateway.yaml need not', async () => {
  await expect(loadGatewayFile(readEnvironment({ HOME: '/nowhere' }))).resolves.toEqual({});
  await expect(loadGatewayFile(readEnvironment({ REKINDLE_GATEWAY_FILE: '/nowhere.yaml' }))).rejects.toMatchObject({
    kind: 'InvalidGatewayFile',
    message: "/nowhere.yaml cannot be read as a gateway's file: ENOENT",
    remedy: expect.stringContaining('Point REKINDLE_GATEWAY_FILE at') as string,
  });
});

test.each(['', '# access: {}\n'])('a file that says nothing will do: %j', (text) => {
  expect(parseGatewayFile(text, 'gateway.yaml', {})).toEqual({});
});

test('REKINDLE_URL goes before the file', async () => {
  const environment = readEnvironment({ REKINDLE_URL: 'https://rekindle.example.org' });
  await expect(loadGatewayFile(environment)).resolves.toEqual({ url: 'https://rekindle.example.org' });
});

function faultsOf(text: string): string[] {
  try {
    parseGatewayFile(text, 'gateway.yaml', {});
  } catch (error) {
    expect(error).toMatchObject({ kind: 'InvalidGatewayFile' });
    const [first, ...faults] = (error as Failure).message.split('\n');
    expect(first).toBe("gateway.yaml is not a gateway's file:");
    return faults.map((fault) => fault.trim());
  }
  return [];
}
