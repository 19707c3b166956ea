// cspell:ignore kei
import { parseHostsFile, readHostsFile } from '../../../config/hosts-file.ts';
import type { Failure } from '../../../domain/failures.ts';

const environment = { variables: { HOME: '/home/rekindle' }, host: 'node-1' };
const read = (hosts: string) => parseHostsFile(`hosts: ${hosts}`, 'hosts.yaml', environment);
const pin = `SHA256:${'a'.repeat(43)}`;
const tls = 'tls: { ca: /ca.pem, certificate: /cert.pem, key: { file: /key.pem } }';

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it was taken');
}

test('both kinds of endpoint, with what is left out', () => {
  expect(
    read(`{ node-2: { docker: 'tcp://node-2.internal', ${tls} }, node-3: { docker: 'ssh://ops@node-3' } }`),
  ).toEqual({
    'node-2': {
      kind: 'tls',
      host: 'node-2.internal',
      port: 2376,
      tls: { ca: '/ca.pem', certificate: '/cert.pem', key: { file: '/key.pem' } },
    },
    'node-3': {
      kind: 'ssh',
      host: 'node-3',
      port: 22,
      user: 'ops',
      hostKeys: [],
      knownHosts: '/home/rekindle/.ssh/known_hosts',
    },
  });
});

test('ports, keys, pinned host keys, known hosts', () => {
  const ssh = (more: string) => read(`{ a: { docker: 'ssh://ops@[::1]:2222', ssh: ${more} } }`)['a'];
  expect(ssh(`{ key: { file: /id }, passphrase: { env: PASS }, hostKey: '${pin}' }`)).toMatchObject({
    host: '::1',
    port: 2222,
    key: { file: '/id' },
    passphrase: { env: 'PASS' },
    hostKeys: [pin],
  });
  expect(ssh('{ knownHosts: /etc/known }')).toMatchObject({ hostKeys: [], knownHosts: '/etc/known' });
});

test.each([
  ['{}', /hosts: names no host/],
  ["{ a: { docker: 'tcp://a:2376' } }", /hosts\.a\.tls: missing; an engine .* without TLS obeys everybody/],
  ["{ a: { docker: 'tcp://a', tls: { ca: /ca.pem } } }", /hosts\.a\.tls\.certificate: missing/],
  ["{ a: { docker: 'tcp://a', tls: { certificate: /c.pem } } }", /"certificate" and "key" belong together/],
  ["{ a: { docker: 'ssh://a' } }", /hosts\.a\.docker: .*expected tcp:\/\/host:2376, with "tls", or ssh:\/\/user@host/],
  ["{ a: { docker: 'http://a' } }", /hosts\.a\.docker: /],
  ["{ a: { docker: 'unix:///var/run/docker.sock' } }", /hosts\.a\.docker: /],
  ["{ a: { docker: 'ssh://ops@a/path' } }", /hosts\.a\.docker: /],
  [`{ a: { docker: 'ssh://ops@a', ${tls} } }`, /hosts\.a\.tls: belongs to tcp:\/\//],
  [`{ a: { docker: 'tcp://a', ${tls}, ssh: {} } }`, /hosts\.a\.ssh: belongs to ssh:\/\//],
  ["{ a: { docker: 'ssh://ops@a', ssh: { hostKey: any } } }", /hosts\.a\.ssh\.hostKey: /],
  [`{ a: { docker: 'ssh://ops@a', ssh: { hostKey: '${pin}', knownHosts: /k } } }`, /either "hostKey" or "knownHosts"/],
  ["{ a: { docker: 'ssh://ops@a', ssh: { passphrase: { env: P } } } }", /"passphrase" belongs to "key"/],
  ["{ a: { docker: 'ssh://ops@a', ssh: { kei: 1 } } }", /hosts\.a\.ssh\.kei: unknown key; did you mean "key"\?/],
  ["{ node-1: { docker: 'ssh://ops@a' } }", /hosts\.node-1: is this worker's own name/],
])('%s', (hosts, message) => {
  const failure = failureOf(() => read(hosts));
  expect(failure.kind).toBe('InvalidHostsFile');
  expect(failure.message).toMatch(message);
});

test('a password in an address is refused and not shown', () => {
  const failure = failureOf(() => read("{ a: { docker: 'ssh://ops:hunter2@a' } }"));
  expect(failure.kind).toBe('InvalidHostsFile');
  expect(failure.message).not.toContain('hunter2');
});

test('without the variable there is none; a file that cannot be read says how it was named', () => {
  expect(readHostsFile(environment)).toEqual({});
  const failure = failureOf(() => readHostsFile({ ...environment, hostsFile: '/nowhere/hosts.yaml' }));
  expect(failure.kind).toBe('InvalidHostsFile');
  expect(failure.remedy).toContain('REKINDLE_HOSTS_FILE');
});
