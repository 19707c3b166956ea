import { makeAuthority } from '../../certificates.ts';
import { mutualTls, type Front } from './front.ts';
import { fileOf, request, temporal, untilTheEnd, useTemporal } from './temporal-scene.ts';

useTemporal();

const servers = makeAuthority('servers');
const clients = makeAuthority('clients');
const others = makeAuthority('others');
const past = new Date(Date.now() - 3_600_000);
let front: Front;
/** With what the server wants; the tests change one thing each. */
let right: Record<string, string>;

async function pairOf(name: string, { certificate, key }: { certificate: string; key: string }) {
  return {
    TEMPORAL_TLS_CLIENT_CERT_PATH: await fileOf(`${name}.pem`, certificate),
    TEMPORAL_TLS_CLIENT_KEY_PATH: await fileOf(`${name}.key`, key),
  };
}

beforeAll(async () => {
  front = await untilTheEnd(mutualTls(temporal.address, servers.issue(), clients));
  right = {
    TEMPORAL_ADDRESS: front.address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: await fileOf('ca.pem', servers.certificate),
    ...(await pairOf('client', clients.issue({ names: ['rekindle'] }))),
  };
});

test('with the right certificates, Temporal is reached', async () => {
  expect(await request(right)).toBe('reached');
});

test('the same from a profile of temporal.toml, with the certificates as text', async () => {
  const { certificate, key } = clients.issue();
  const file = await fileOf(
    'temporal.toml',
    `[profile.production]
address = "${front.address}"
namespace = "default"
[profile.production.tls]
server_ca_cert_path = "${right['TEMPORAL_TLS_SERVER_CA_CERT_PATH']}"
client_cert_data = """${certificate}"""
client_key_data = """${key}"""
`,
  );
  expect(await request({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'production' })).toBe('reached');
});

test('without a client certificate: what is missing is named', async () => {
  const { TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH, ...none } = right;
  expect([TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH]).not.toContain(undefined);
  expect(await request(none)).toMatchObject({
    kind: 'WrongCredentials',
    message: `Temporal at ${front.address} demands a client certificate, and none is set`,
    remedy: expect.stringContaining('TEMPORAL_TLS_CLIENT_CERT_PATH') as string,
  });
});

test('a client certificate of another authority is refused, and its file is named', async () => {
  const pair = await pairOf('stranger', others.issue());
  expect(await request({ ...right, ...pair })).toMatchObject({
    kind: 'WrongCredentials',
    message: expect.stringMatching(
      /refuses the client certificate in .*stranger\.pem \(TEMPORAL_TLS_CLIENT_CERT_PATH\)/,
    ) as string,
    remedy: 'Give one that is signed by an authority which the server trusts',
  });
});

test('an expired client certificate: when it expired', async () => {
  const pair = await pairOf('expired', clients.issue({ from: new Date(past.getTime() - 1000), until: past }));
  expect(await request({ ...right, ...pair })).toMatchObject({
    kind: 'WrongCredentials',
    message: expect.stringContaining(`it expired on ${past.toISOString().slice(0, 19)}`) as string,
    remedy: 'Renew it, and put the new pair in the same place',
  });
});

test('a server whose certificate is of another authority is not trusted', async () => {
  const authority = await fileOf('other-ca.pem', others.certificate);
  expect(await request({ ...right, TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority })).toMatchObject({
    kind: 'TemporalUnreachable',
    message: expect.stringContaining('is not signed by the authority that was given') as string,
    remedy: expect.stringContaining('TEMPORAL_TLS_SERVER_CA_CERT_PATH') as string,
  });
});

test.each([
  ['has expired', { from: new Date(past.getTime() - 1000), until: past }],
  ['is for another name', { names: ['temporal.example'] }],
])('a server whose certificate %s', async (what, options) => {
  const other = await untilTheEnd(mutualTls(temporal.address, servers.issue(options), clients));
  const failure = await request({ ...right, TEMPORAL_ADDRESS: other.address });
  expect(failure).toMatchObject({ kind: 'TemporalUnreachable', message: expect.stringContaining(what) as string });
});

test('a name of its own for the server makes its certificate fit', async () => {
  const other = await untilTheEnd(mutualTls(temporal.address, servers.issue({ names: ['temporal.example'] }), clients));
  const named = { TEMPORAL_ADDRESS: other.address, TEMPORAL_TLS_SERVER_NAME: 'temporal.example' };
  expect(await request({ ...right, ...named })).toBe('reached');
});

test('TLS on one side only: which side lacks it', async () => {
  expect(await request({ TEMPORAL_ADDRESS: front.address })).toMatchObject({
    message: `Temporal at ${front.address} speaks TLS only, and TLS is not switched on`,
  });
  expect(await request({ ...right, TEMPORAL_ADDRESS: temporal.address })).toMatchObject({
    message: `Temporal at ${temporal.address} does not speak TLS, which is switched on`,
  });
});

test('nobody there is still said as such', async () => {
  expect(await request({ ...right, TEMPORAL_ADDRESS: '127.0.0.1:1' })).toMatchObject({
    kind: 'TemporalUnreachable',
    message: 'Temporal does not answer at 127.0.0.1:1',
  });
});
