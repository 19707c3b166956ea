import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { TlsEndpoint } from '../../../../domain/endpoints.ts';
import type { Failure } from '../../../../domain/failures.ts';
import { connectDockerAt } from '../../../../systems/docker/endpoints/connect-docker-at.ts';
import { connectEndpoint } from '../../../../systems/docker/endpoints/endpoint-connection.ts';
import { closeAll } from '../../../at-end.ts';
import { makeAuthority } from '../../../certificates.ts';
import { startEngineDouble, startTlsProxy } from '../../../engine-double.ts';

const [ours, others] = [makeAuthority('ours'), makeAuthority('others')];
const mine = ours.issue({ names: ['rekindle'] });
const foreign = others.issue({ names: ['rekindle'] });
const closing: (() => unknown)[] = [];
let folder: string;
let port: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  const files = {
    ours: ours.certificate,
    others: others.certificate,
    mine: mine.certificate,
    foreign: foreign.certificate,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.pem`), text);
  const engine = await startEngineDouble();
  const proxy = await startTlsProxy(ours.issue(), ours.certificate, engine.socket);
  port = proxy.port;
  closing.push(
    () => rm(folder, { recursive: true }),
    () => engine.close(),
    () => proxy.close(),
  );
});
afterAll(() => closeAll(closing));

function at({ ca = 'ours', certificate = 'mine', key = mine.key, host = '127.0.0.1', more = {} } = {}) {
  const tls = { ca: join(folder, `${ca}.pem`), certificate: join(folder, `${certificate}.pem`), key: { file: '/key' } };
  const endpoint: TlsEndpoint = { kind: 'tls', host, port, tls: { ...tls, ...more } };
  return connectDockerAt(endpoint, () => Promise.resolve({ key }));
}

const failureOf = async (work: Promise<unknown>) =>
  (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as Failure;

test('the engine answers who shows a certificate', async () => {
  const docker = at();
  expect(await docker.ping()).toMatchObject({ id: 'engine-of-the-test', name: 'node-2' });
  expect(docker.address).toBe(`tcp://127.0.0.1:${port}`);
  expect(docker.remote).toBe(true);
});

test('its connections stay out of what docker-modem writes out of every request', () => {
  const tls = { ca: 'ca.pem', certificate: 'cert.pem', key: { file: '/key' } };
  const { agent } = connectEndpoint({ kind: 'tls', host: '127.0.0.1', port, tls }, () => Promise.resolve({}));
  expect(inspect({ agent }, { showHidden: true, depth: null })).toBe('{ agent: DiallingAgent }');
});

test('an authority that is not known: the fingerprint is shown', async () => {
  const failure = await failureOf(at({ ca: 'others' }).ping());
  expect(failure.kind).toBe('CertificateRefused');
  expect(failure.message).toMatch(/its authority is not known here; it sends .*SHA-256 [0-9A-F:]{95}/);
  expect(failure.remedy).toContain('in the hosts file');
});

// Node's servers close without a word; dockerd says why, which `tls/` knows.
test('the engine refuses our certificate', async () => {
  const failure = await failureOf(at({ certificate: 'foreign', key: foreign.key }).ping());
  expect(failure).toMatchObject({
    kind: 'DockerUnreachable',
    message: expect.stringContaining("does not trust Rekindle's certificate") as string,
  });
});

test('a name that the certificate does not hold', async () => {
  const failure = await failureOf(at({ more: { serverName: 'node-3' } }).ping());
  expect(failure.kind).toBe('CertificateRefused');
  expect(failure.message).toContain('not for node-3');
});

test('nothing listens, and a file that is not there', async () => {
  const silent = await startTlsProxy(ours.issue(), ours.certificate, '/nowhere');
  await silent.close();
  const endpoint: TlsEndpoint = {
    kind: 'tls',
    host: '127.0.0.1',
    port: silent.port,
    tls: { ca: join(folder, 'ours.pem'), certificate: join(folder, 'mine.pem'), key: { file: '/key' } },
  };
  const refused = await failureOf(connectDockerAt(endpoint, () => Promise.resolve({ key: mine.key })).ping());
  expect(refused).toMatchObject({
    kind: 'DockerUnreachable',
    message: expect.stringContaining('the connection is refused') as string,
  });
  const missing = await failureOf(at({ ca: 'none' }).ping());
  expect(missing).toMatchObject({ kind: 'InvalidArgument', remedy: expect.stringContaining('hosts file') as string });
});
