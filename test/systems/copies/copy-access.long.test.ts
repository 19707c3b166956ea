import { readFile } from 'node:fs/promises';
import Docker from 'dockerode';
import { connectNodes, type Client } from '../../../systems/elasticsearch/client.ts';
import { giveSecrets, reloadSecureSettings } from '../../../systems/elasticsearch/keystore.ts';
import { presentedChain } from '../../../systems/tls/presented-chain.ts';
import { useAtEnd } from '../../at-end.ts';
import { fakeElasticsearch } from '../../fake-elasticsearch.ts';
import { seedDocuments } from '../elasticsearch/seed.ts';
import { execIn } from '../../../stack/exec-in.ts';
import { s3Keys } from '../servers.ts';
import { startSecured, tlsFixture, type SecuredElasticsearch } from '../secured-elasticsearch.ts';
import { assess, backUp, copy, servers, source, traces, useClusters, writePlatform } from './copy-scene.ts';

// cspell:ignore apikey
// A destination that asks who comes, and shows who it is: what is wrong is told apart before anything is touched.

useClusters();

const atEnd = useAtEnd();
let server: SecuredElasticsearch;
let admin: Client;
const password = 'password-of-the-test';
const variable = 'REKINDLE_TEST_COPY_SECRET';
const trusted = { tls: { ca: tlsFixture('ca.cert'), serverName: 'es01' } };

beforeAll(async () => {
  await seedDocuments(source, 'nuvla-job', 300);
  await backUp();
  server = await startSecured({
    users: { admin: { password, roles: ['superuser'] }, copier: { password, roles: ['rekindle_restore'] } },
    roles: await readFile(new URL('../../../deploy/rights/elasticsearch/roles.yml', import.meta.url), 'utf8'),
    tls: 'server',
    settings: {
      's3.client.default.endpoint': servers.endpoint,
      's3.client.default.path_style_access': 'true',
      's3.client.default.max_retries': '1',
    },
  });
  await joinNetwork();
  const url = new URL(`https://${server.address}:9200`);
  const chain = await presentedChain({ host: server.address, port: 9200, serverName: 'es01' });
  const ca = chain!.map((certificate) => certificate.toString());
  admin = connectNodes([{ url, tls: { ca, servername: 'es01', allowPartialTrustChain: true } }], {
    username: 'admin',
    password,
  });
  await giveSecrets((command, stdin) => execIn(new Docker().getContainer(server.name), command, stdin), {
    's3.client.default.access_key': s3Keys.accessKey,
    's3.client.default.secret_key': s3Keys.secretKey,
  });
  await reloadSecureSettings(admin);
}, 240_000);

/** Where it reaches the S3 server. */
async function joinNetwork(): Promise<void> {
  const docker = new Docker();
  const [network = ''] = Object.keys((await servers.s3.inspect()).NetworkSettings.Networks);
  await docker.getNetwork(network).connect({ Container: server.name });
}
afterAll(async () => {
  await admin.close();
  await server.remove();
  Reflect.deleteProperty(process.env, variable);
});

/** What a dry run into the secured cluster says: the checks that did not simply pass, or the failure. */
async function dryRun(store: object, secret = '') {
  process.env[variable] = secret;
  await writePlatform('secured', server.address, { nodes: [`https://${server.address}:9200`], ...store });
  return assess({ platform: 'secured', indices: ['nuvla-job'] }).then(
    ({ faults }) => faults,
    (failure: unknown) => failure as { kind: string; message: string; remedy: string },
  );
}
const basic = { auth: { kind: 'basic', username: 'admin', password: { env: variable } } };
const apiKey = { auth: { kind: 'apiKey', apiKey: { env: variable } } };

test('a wrong password', async () => {
  expect(await dryRun({ ...trusted, ...basic }, 'another')).toMatchObject({
    kind: 'WrongCredentials',
    remedy: expect.stringContaining('does not know it') as string,
  });
});

// The Elasticsearch of these tests has no API keys: they lie in an index that needs a module which it lacks.
test.each([
  ['API key: api key is expired', 'has expired'],
  ['API key: unable to find apikey with id foo', 'does not know it'],
])('"%s"', async (why, remedy) => {
  const error = {
    type: 'security_exception',
    reason: 'unable to authenticate with provided credentials and anonymous access is not allowed for this request',
    additional_unsuccessful_credentials: why,
  };
  const fake = await fakeElasticsearch(() => ({ status: 401, error }), atEnd);
  const refused = await dryRun({ ...apiKey, nodes: [fake.url.href] }, 'foo:bar');
  expect(refused).toMatchObject({ kind: 'WrongCredentials', remedy: expect.stringContaining(remedy) as string });
});

test('an unknown authority: its fingerprint is shown, and is all that is missing', async () => {
  const refused = await dryRun(basic, password);
  expect(refused).toMatchObject({ kind: 'CertificateRefused' });
  const [, fingerprint = ''] = /fingerprint: '([^']+)'/.exec('remedy' in refused ? refused.remedy : '') ?? [];
  expect(await dryRun({ ...basic, tls: { fingerprint, serverName: 'es01' } }, password)).toEqual([]);
});

test('with the least rights of a restore, a copy is carried out, swap and all', async () => {
  const store = { ...trusted, auth: { ...basic.auth, username: 'copier' } };
  await admin.index({ index: 'nuvla-job', document: { old: true }, refresh: true });
  expect(await dryRun(store, password)).toEqual([expect.stringContaining('nuvla-job is there already')]);
  await copy({ platform: 'secured', indices: ['nuvla-job'], existing: 'swap' });
  expect(await admin.count({ index: 'nuvla-job' })).toMatchObject({ count: 300 });
  expect(await traces(admin)).toEqual([]);
}, 120_000);
