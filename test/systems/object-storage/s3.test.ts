import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { s3Storage } from '../../../systems/object-storage/s3.ts';
import { objectStorageConformance } from './conformance.ts';
import { startS3, type S3Server } from './server.ts';
import { waitFor } from '../../wait-for.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(async () => {
  await server.remove();
});

objectStorageConformance('S3', () => s3Storage({ ...server.options, prefix: randomUUID() }));

describe('S3 that refuses', () => {
  const get = (change: Partial<S3Server['options']>) =>
    s3Storage({ ...server.options, prefix: 'p', ...change })
      .get('a')
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  const list = async (change: Partial<S3Server['options']>) => {
    try {
      for await (const { key } of s3Storage({ ...server.options, prefix: 'p', ...change }).list('')) return key;
      return 'empty';
    } catch (error) {
      return error;
    }
  };

  test.each([
    ['a wrong secret', { secretKey: 'wrong' }, 'WrongCredentials'],
    ['an unknown user', { accessKey: 'nobody' }, 'WrongCredentials'],
    ['no such bucket', { bucket: 'rkt-no-such' }, 'BucketMissing'],
    ['nobody there', { endpoint: 'http://127.0.0.1:9' }, 'ObjectStorageUnreachable'],
    ['no such name', { endpoint: 'http://no-such-host.invalid:7070' }, 'ObjectStorageUnreachable'],
  ])('%s', async (_, change, kind) => {
    const before = Date.now();
    for (const failure of [await get(change), await list(change)]) {
      expect(failure).toMatchObject({ kind });
      expect(JSON.stringify(failure)).not.toContain(server.options.secretKey);
      expect((failure as Error).message).not.toContain(server.options.secretKey);
    }
    expect(Date.now() - before).toBeLessThan(20_000);
  });

  test.each([
    ['nothing at all', undefined, 'ObjectStorageUnreachable'],
    ['as another kind of server', 404, 'CatalogueRefused'],
    ['that it is overloaded', 503, 'ObjectStorageUnreachable'],
  ])('what listens there answers %s', async (_, status, kind) => {
    const other = http.createServer((_request, response) => status && response.writeHead(status).end());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const storage = s3Storage({ ...server.options, endpoint, prefix: '', silenceSeconds: 1 });
    await expect(storage.get('a')).rejects.toMatchObject({ kind });
    await expect(storage.put('a', new Uint8Array([1]))).rejects.toMatchObject({ kind });
    other.closeAllConnections();
    other.close();
  });

  test('a server that goes away in the middle, and comes back', async () => {
    const storage = s3Storage({ ...server.options, prefix: 'p' });
    await storage.put('a', new Uint8Array([1]));
    await server.stop();
    await expect(storage.get('a')).rejects.toMatchObject({ kind: 'ObjectStorageUnreachable' });
    const endpoint = `http://${await server.start()}:7070`;
    const again = s3Storage({ ...server.options, endpoint, prefix: 'p' });
    await waitFor(async () => expect(await again.get('a').catch(() => undefined)).toEqual(new Uint8Array([1])), {
      timeout: 20_000,
    });
  });
});
