import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { waitFor } from '../../wait-for.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';

export interface S3Server extends StartedContainer {
  /** What reaches a bucket that exists. */
  options: { bucket: string; endpoint: string; region: string; accessKey: string; secretKey: string };
}

/** An S3 server of the test's own, with one bucket. `tls`: with the certificate of test/fixtures/tls. */
export async function startS3({ tls = false, environment = {}, files = {} }: StartOptions = {}): Promise<S3Server> {
  const accessKey = 'rkt-access';
  const secretKey = 'rkt-secret-of-the-test';
  const container = await startContainer('rekindle-stack/s3:1.8.0', {
    environment: {
      ROOT_ACCESS_KEY: accessKey,
      ROOT_SECRET_KEY: secretKey,
      ...(tls && { VGW_CERT: '/server.pem', VGW_KEY: '/server.key' }),
      ...environment,
    },
    files: {
      ...files,
      ...(tls && {
        'server.pem': await tlsFile('server.chain.pem'),
        'server.key': await tlsFile('server.key.pem'),
      }),
    },
  });
  try {
    const endpoint = `${tls ? 'https' : 'http'}://${container.address}:7070`;
    await (tls ? listening(container.address, 7070) : healthy(`${endpoint}/health`));
    const options = { bucket: 'rkt-bucket', endpoint, region: 'us-east-1', accessKey, secretKey };
    const client = new S3Client({
      endpoint,
      region: options.region,
      forcePathStyle: true,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
      ...(tls && { requestHandler: { httpsAgent: new Agent({ rejectUnauthorized: false }) } }),
    });
    await client.send(new CreateBucketCommand({ Bucket: options.bucket }));
    client.destroy();
    return { ...container, options };
  } catch (error) {
    await container.remove();
    throw error;
  }
}

interface StartOptions {
  tls?: boolean;
  environment?: Record<string, string>;
  /** Put below / before it starts. */
  files?: Record<string, string>;
}

const tlsFile = (name: string) => readFile(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');

async function listening(host: string, port: number): Promise<void> {
  await waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(port, host, () => {
          socket.destroy();
          resolve();
        });
        socket.once('error', reject);
      }),
    { timeout: 30_000 },
  );
}

async function healthy(url: string): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > until) throw new Error(`${url} is not healthy`);
    await sleep(100);
  }
}
