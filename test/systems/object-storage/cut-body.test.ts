import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';

// A connection that goes away within an object's body, after its headers: no real server does that when it is asked to.

const whole = Buffer.from('all of it'.repeat(1000));
let cuts = 0;
let reads = 0;
const server = createServer((request, response) => {
  request.resume();
  reads += 1;
  response.setHeader('content-length', whole.length);
  if (reads > cuts) response.end(whole);
  else response.write(whole.subarray(0, 100), () => request.socket.resetAndDestroy());
});
let storage: ObjectStorage;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = { accessKey: 'key', secretKey: 'secret' };
  storage = s3Storage({ bucket: 'catalogue', prefix: '', endpoint, region: 'us-east-1', ...keys });
});
beforeEach(() => (reads = 0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('an object whose body is cut off is read again, completely', async () => {
  cuts = 2;
  expect(Buffer.from((await storage.get('manifest.json'))!)).toEqual(whole);
  expect(reads).toBe(3);
});

test('one that is cut off every time is reported as unreachable storage', async () => {
  cuts = Infinity;
  await expect(storage.get('manifest.json')).rejects.toMatchObject({
    kind: 'ObjectStorageUnreachable',
    message: expect.stringMatching(/^Reading manifest\.json in s3:\/\/catalogue.*ECONNRESET$/) as string,
  });
  expect(reads).toBe(4);
});
