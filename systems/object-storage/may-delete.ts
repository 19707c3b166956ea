import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { Failure } from '../../domain/failures.ts';
import { s3Failure } from './object-storage-failures.ts';
import { s3Client } from './s3-client.ts';
import type { S3Options } from './s3.ts';

/**
 * Whether these keys may delete below the prefix. Asked with an object that does not exist, and a condition that none
 * could meet, so that nothing is deleted whatever the answer. Undefined when the server does not say. Failures: those of
 * the storage, save AccessDenied, which is an answer.
 */
export async function mayDelete(place: S3Options): Promise<boolean | undefined> {
  const { bucket, prefix } = place;
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const client = s3Client(place);
  try {
    const nothing = { Bucket: bucket, Key: `${folder}rekindle-rights-${randomUUID()}`, IfMatch: '"no-such-object"' };
    await client.send(new DeleteObjectCommand(nothing));
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    // It was admitted, and found nothing, or nothing that meets the condition.
    if (status === 404 || status === 409 || status === 412) return true;
    const failure = await s3Failure(error, { doing: 'Asking for rights', where: `s3://${bucket}`, place });
    if (failure instanceof Failure && failure.kind === 'AccessDenied') return false;
    if (status === 400 || status === 501) return undefined;
    throw failure;
  } finally {
    client.destroy();
  }
}
