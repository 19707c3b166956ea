import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { s3Storage } from '../../../systems/object-storage/s3.ts';

// Every activity opens its platform's catalogue anew, on a worker that runs for months. The server here is one that never
// closes an idle connection by itself.

const empty = '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/xml');
  response.end(empty);
});
server.keepAliveTimeout = 0;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a storage that is opened repeatedly does not keep a connection for each time', async () => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const common = { bucket: 'catalogue', prefix: '', endpoint, region: 'us-east-1', secretKey: 'secret' };
  for (let time = 0; time < 30; time++) {
    // Others' credentials, too: what is shared is the way to the server, never a client.
    const storage = s3Storage({ ...common, accessKey: `key-${time % 3}` });
    for await (const { key } of storage.list('')) throw new Error(`there is nothing, not ${key}`);
  }
  expect(await promisify(server.getConnections.bind(server))()).toBeLessThanOrEqual(3);
});
