import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mayDelete } from '../../../systems/object-storage/may-delete.ts';
import { s3Storage, type S3Options } from '../../../systems/object-storage/s3.ts';
import { useAtEnd } from '../../at-end.ts';

// What Amazon's S3 says, which the S3 server of the tests says otherwise or never.

const atEnd = useAtEnd();

async function amazon(status: number, code?: string) {
  const asked: { method: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    asked.push({ method: request.method ?? '', headers: request.headers });
    request.resume();
    const body = code === undefined ? '' : `<Error><Code>${code}</Code><Message>Refused</Message></Error>`;
    response.writeHead(status, { 'content-type': 'application/xml' }).end(status === 204 ? undefined : body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKey: 'AKID', secretKey: 'secret-of-s3', sessionToken: 'token-of-s3' };
  const place: S3Options = { bucket: 'catalogue', prefix: 'p', endpoint, region: 'us-east-1', ...keys };
  return { asked, place };
}

test.each<[string, number, string, RegExp]>([
  ['ExpiredToken', 400, 'WrongCredentials', /have expired: give new ones/],
  ['RequestTimeTooSkewed', 403, 'ClockSkew', /Set the clock/],
  ['RequestExpired', 400, 'ClockSkew', /Set the clock/],
  ['AccessDenied', 403, 'AccessDenied', /deploy\/rights/],
  ['InvalidAccessKeyId', 403, 'WrongCredentials', /Correct the access key/],
  ['SignatureDoesNotMatch', 403, 'WrongCredentials', /Correct the access key/],
  ['KMS.NotFoundException', 400, 'AccessDenied', /catalogue.encryption.keyId/],
])('%s', async (code, status, kind, remedy) => {
  const { place } = await amazon(status, code);
  const failure = (await s3Storage(place)
    .put('a', new Uint8Array([1]))
    .catch((error: unknown) => error)) as Error;
  expect(failure).toMatchObject({
    kind,
    message: expect.stringContaining(`Writing a in s3://catalogue/p/`) as string,
    remedy: expect.stringMatching(remedy) as string,
  });
  if (kind === 'ClockSkew') expect(failure.message).toMatch(/the clock here shows 20\d\d-/);
  expect(failure.message + JSON.stringify(failure)).not.toMatch(/secret-of-s3|token-of-s3/);
});

test('what is encrypted with a key of KMS, with a checksum and a session token, says so', async () => {
  const { asked, place } = await amazon(200);
  const encryption = { kind: 'aws:kms', keyId: 'alias/backups' } as const;
  await s3Storage({ ...place, encryption, checksum: 'sha256' }).put('a', new Uint8Array([1]));
  await s3Storage({ ...place, checksum: 'md5' }).put('a', new Uint8Array([1]));
  expect(asked.map(({ headers }) => headers)).toMatchObject([
    {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/backups',
      'x-amz-checksum-sha256': expect.any(String) as string,
      'x-amz-security-token': 'token-of-s3',
    },
    {
      'content-md5': createHash('md5')
        .update(new Uint8Array([1]))
        .digest('base64'),
    },
  ]);
});

test('what deletes may have keys of its own, which are asked for only then', async () => {
  const { asked, place } = await amazon(204);
  let count = 0;
  const deletionKeys = () => Promise.resolve({ accessKeyId: `DELETER${++count}`, secretAccessKey: 'secret-of-prune' });
  const storage = s3Storage({ ...place, deletionKeys });
  await storage.put('a', new Uint8Array([1]));
  expect(count).toBe(0);
  await storage.delete('a');
  expect(
    asked.map(({ method, headers }) => [method, /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]]),
  ).toEqual([
    ['PUT', 'AKID'],
    ['DELETE', 'DELETER1'],
  ]);
});

test.each<[number, string | undefined, boolean | undefined]>([
  [204, undefined, true],
  [404, 'NoSuchKey', true],
  [412, 'PreconditionFailed', true],
  [403, 'AccessDenied', false],
  [501, 'NotImplemented', undefined],
])('may it delete? Status %s %s: %s', async (status, code, wanted) => {
  const { asked, place } = await amazon(status, code);
  expect(await mayDelete(place)).toBe(wanted);
  expect(asked[0]).toMatchObject({ method: 'DELETE', headers: { 'if-match': '"no-such-object"' } });
});
