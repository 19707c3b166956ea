import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkLifecycles } from '../../../operations/preflight/lifecycle.ts';
import { readLifecycle } from '../../../systems/object-storage/lifecycle.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { startS3, type S3Server } from './server.ts';

// The stack's S3 server has no lifecycle rules, so a small one answers in S3's XML; the real one stands beside it.

let answer: { status: number; body: string };
let asked: string[] = [];
const other = http.createServer((request, response) => {
  asked.push(request.url ?? '');
  response.writeHead(answer.status, { 'Content-Type': 'application/xml' }).end(answer.body);
});
let place: { bucket: string; endpoint: string; region: string; accessKey: string; secretKey: string };
let real: S3Server;

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  place = { bucket: 'backups', endpoint, region: 'us-east-1', accessKey: 'a', secretKey: 'the-secret' };
  real = await startS3();
});
afterAll(async () => {
  other.closeAllConnections();
  other.close();
  await real.remove();
});

const rules = (xml: string) => ({
  status: 200,
  body: `<?xml version="1.0" encoding="UTF-8"?><LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${xml}</LifecycleConfiguration>`,
});
const fault = (status: number, code: string) => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
});

const expiry =
  '<Rule><ID>tidy</ID><Status>Enabled</Status><Filter><Prefix>es/</Prefix></Filter><Expiration><Days>30</Days></Expiration></Rule>';

describe('what a bucket says of itself', () => {
  test('rules of every shape', async () => {
    asked = [];
    answer = rules(
      expiry +
        '<Rule><ID>old style</ID><Status>Disabled</Status><Prefix>logs/</Prefix><Expiration><Date>2027-01-01T00:00:00.000Z</Date></Expiration></Rule>' +
        '<Rule><ID>cold</ID><Status>Enabled</Status><Filter/><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>' +
        '<Rule><ID>tagged</ID><Status>Enabled</Status><Filter><And><Prefix>es/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Expiration><Days>1</Days></Expiration></Rule>' +
        '<Rule><ID>versions</ID><Status>Enabled</Status><Filter/><NoncurrentVersionExpiration><NoncurrentDays>9</NoncurrentDays></NoncurrentVersionExpiration><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>',
    );
    expect(await readLifecycle(place)).toEqual([
      { id: 'tidy', enabled: true, prefix: 'es/', tagged: false, expires: 'after 30 days', movesTo: [] },
      { id: 'old style', enabled: false, prefix: 'logs/', tagged: false, expires: 'on 2027-01-01', movesTo: [] },
      {
        id: 'cold',
        enabled: true,
        prefix: '',
        tagged: false,
        movesTo: [{ storageClass: 'GLACIER', when: 'after 1 day' }],
      },
      { id: 'tagged', enabled: true, prefix: 'es/', tagged: true, expires: 'after 1 day', movesTo: [] },
      { id: 'versions', enabled: true, prefix: '', tagged: false, movesTo: [] },
    ]);
    expect(asked).toEqual([expect.stringMatching(/^\/backups\/?\?lifecycle=?$/)]);
  });

  test.each([
    ['no rules', fault(404, 'NoSuchLifecycleConfiguration'), []],
    ['no right to see them', fault(403, 'AccessDenied'), undefined],
    ['nothing of such rules', fault(501, 'NotImplemented'), undefined],
    ['nothing of such requests', { status: 405, body: '' }, undefined],
  ])('it knows %s', async (_, given, known) => {
    answer = given;
    expect(await readLifecycle(place)).toEqual(known);
  });

  test.each([
    ['no such bucket', fault(404, 'NoSuchBucket'), 'BucketMissing'],
    ['a server that is overloaded', fault(503, 'SlowDown'), 'ObjectStorageUnreachable'],
  ])('%s is a failure', async (_, given, kind) => {
    answer = given;
    await expect(readLifecycle(place)).rejects.toMatchObject({ kind });
  });

  test('the real server does not support it, which is not a failure', async () => {
    const said = await readLifecycle(real.options);
    expect(said).toBeUndefined();
    await expect(readLifecycle({ ...real.options, endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      kind: 'ObjectStorageUnreachable',
    });
  });
});

describe('the check', () => {
  const open = (base_path: string, catalogue = '') => {
    const platform = demoPlatform();
    const [store] = platform.stores;
    if (store?.kind === 'elasticsearch')
      store.repository.settings = { bucket: place.bucket, endpoint: place.endpoint, base_path };
    const keys = { 's3.client.default.access_key': 'a', 's3.client.default.secret_key': 'the-secret' };
    return {
      platform,
      storeSecrets: () => Promise.resolve(keys),
      elasticsearch: () => Promise.reject(new Error('no node is asked when the repository names a whole URL')),
      catalogueBucket: () => Promise.resolve(catalogue === '' ? undefined : { ...place, prefix: catalogue }),
    };
  };

  test('warns about a rule that covers the repository, and refuses nothing', async () => {
    answer = rules(expiry);
    const checks = await checkLifecycles(open('es', 'nuvla'));
    expect(checks).toMatchObject([
      { name: 'lifecycle documents', verdict: 'pass', warning: true },
      { name: 'lifecycle catalogue', verdict: 'pass', remedy: '' },
    ]);
    expect(checks[0]?.evidence).toContain('the rule "tidy" (prefix es/) deletes objects after 30 days');
    expect(checks[0]?.remedy).toContain('es/');
    expect(checks[1]?.warning).toBeUndefined();
  });

  test('without an answer there is no check', async () => {
    answer = fault(501, 'NotImplemented');
    expect(await checkLifecycles(open('es'))).toEqual([]);
    answer = fault(503, 'SlowDown');
    expect(await checkLifecycles(open('es'))).toEqual([]);
  });

  test('without any rule it passes', async () => {
    answer = fault(404, 'NoSuchLifecycleConfiguration');
    expect(await checkLifecycles(open(''))).toMatchObject([{ verdict: 'pass', remedy: '' }]);
  });
});
