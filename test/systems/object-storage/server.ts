import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startContainer, type StartedContainer } from '../start-container.ts';

export interface S3Server extends StartedContainer {
  /** What reaches a bucket that exists. */
  options: { bucket: string; endpoint: string; region: string; accessKey: string; secretKey: string };
}

/** An S3 server of the test's own, with one bucket. */
export async function startS3(): Promise<S3Server> {
  const accessKey = 'rkt-access';
  const secretKey = 'rkt-secret-of-the-test';
  const container = await startContainer('rekindle-stack/s3:1.8.0', {
    environment: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
  });
  try {
    const endpoint = `http://${container.address}:7070`;
    await healthy(`${endpoint}/health`);
    const options = { bucket: 'rkt-bucket', endpoint, region: 'us-east-1', accessKey, secretKey };
    const client = new S3Client({
      endpoint,
      region: options.region,
      forcePathStyle: true,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    });
    await client.send(new CreateBucketCommand({ Bucket: options.bucket }));
    client.destroy();
    return { ...container, options };
  } catch (error) {
    await container.remove();
    throw error;
  }
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
