import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkClock } from '../../../operations/preflight/clock.ts';
import type { S3Options } from '../../../systems/object-storage/s3.ts';
import { demoPlatform } from '../../demo-situation.ts';

let server: Server;
/** What the S3 server says the time is; undefined: nothing. */
let says: Date | undefined;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (says) response.setHeader('Date', says.toUTCString());
    // As every S3 server answers who does not sign.
    response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

const bucket = (port = (server.address() as AddressInfo).port): S3Options => ({
  bucket: 'catalogue',
  prefix: '',
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  accessKey: 'a',
  secretKey: 's',
});

const checked = (
  place: S3Options | undefined,
  { temporal, engine, remote }: { temporal?: number; engine?: number; remote?: true } = {},
) =>
  checkClock(
    {
      platform: { ...demoPlatform(), stores: [] },
      catalogueBucket: () => Promise.resolve(place),
      docker: { clock: () => Promise.resolve(engine), ...(remote && { remote }) },
      temporalClock: () => Promise.resolve(temporal),
      storeSecrets: () => Promise.resolve({}),
      elasticsearch: () => Promise.reject(new Error('nobody asks it')),
    },
    'north',
  );

test('the clock of the S3 server is read from its refusal', async () => {
  says = new Date();
  expect(await checked(bucket(), { temporal: 0.2, engine: 0 })).toMatchObject({
    verdict: 'pass',
    evidence: 'The clock of north agrees with those of the Docker engine, Temporal, the S3 server of the catalogue',
  });
});

test('an hour off fails, since S3 would refuse signatures', async () => {
  says = new Date(Date.now() - 3_600_000);
  expect(await checked(bucket())).toMatchObject({
    verdict: 'fail',
    evidence: expect.stringMatching(/is (1 h 0 min|60 min 0 s|59 min 59 s) ahead of that of the S3 server/) as string,
  });
});

test('who says nothing, or does not answer, makes no check', async () => {
  says = undefined;
  expect(await checked(bucket())).toBeUndefined();
  expect(await checked(bucket(1))).toBeUndefined();
  expect(await checked(undefined)).toBeUndefined();
});

test('without a bucket, Temporal and the engine are compared all the same', async () => {
  expect(await checked(undefined, { temporal: -4000, engine: 1 })).toMatchObject({ verdict: 'pass', warning: true });
});

test('of a host without a worker, the clock of the one that serves it is compared with its engine', async () => {
  expect(await checked(undefined, { engine: -3600, remote: true })).toMatchObject({
    evidence: expect.stringContaining('The clock of the host whose worker serves north is 1 h 0 min behind') as string,
    remedy: expect.stringContaining('on the host whose worker serves north: "timedatectl set-ntp true"') as string,
  });
});
