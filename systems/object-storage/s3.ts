import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { ObjectStorage, StoredObject } from './object-storage.ts';
import { checkedKey } from './object-key.ts';
import { objectStorageFailure } from './object-storage-failures.ts';

export interface S3Options {
  bucket: string;
  /** Put before every key; empty, or a folder with or without its slash. */
  prefix: string;
  /** Absent: Amazon's own, by region. */
  endpoint?: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** How long the server may be silent within a request; 30 when absent. */
  silenceSeconds?: number;
}

/** Retrying for long is the caller's business (Temporal's): here just enough for a connection that was reset. */
const attempts = 2;
const connectionTimeoutMs = 3_000;

/**
 * The connections to all servers, by the silence that is allowed on them. State of the process, and on purpose: an activity
 * opens its catalogue anew each time, and a client of its own would leave its idle connections open for as long as the
 * server lets it. They hold no credentials; those are each client's.
 */
const connections = new Map<number, S3ClientConfig['requestHandler']>();

/**
 * Objects in a bucket of S3 or of a server that speaks it. Failures: WrongCredentials, BucketMissing,
 * ObjectStorageUnreachable, CatalogueRefused.
 */
export function s3Storage(options: S3Options): ObjectStorage {
  const { bucket, prefix, endpoint, region, accessKey, secretKey, silenceSeconds = 30 } = options;
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    maxAttempts: attempts,
    requestHandler: connections.get(silenceSeconds) ?? {
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: silenceSeconds * 1000,
    },
    // Many servers that speak S3 don't know the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  connections.set(silenceSeconds, client.config.requestHandler);
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const description = `s3://${bucket}/${folder}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const address = (key: string) => ({ Bucket: bucket, Key: folder + checkedKey(key) });
  const failed = (error: unknown, doing: string) => objectStorageFailure(error, doing, description);
  return {
    description,
    async put(key, bytes) {
      await client
        .send(new PutObjectCommand({ ...address(key), Body: bytes }))
        .catch((error: unknown) => Promise.reject(failed(error, `writing ${key}`)));
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand(address(key)));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw failed(error, `reading ${key}`);
      }
    },
    async *list(start, { after } = {}) {
      let token: string | undefined;
      do {
        const page = await client
          .send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: folder + start,
              ...(after !== undefined && { StartAfter: folder + after }),
              ContinuationToken: token,
            }),
          )
          .catch((error: unknown) => Promise.reject(failed(error, `listing ${start}`)));
        for (const { Key, Size } of page.Contents ?? [])
          if (Key !== undefined) yield { key: Key.slice(folder.length), bytes: Size ?? 0 } satisfies StoredObject;
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand(address(key))).catch((error: unknown) => {
        if (!(error instanceof NoSuchKey)) throw failed(error, `deleting ${key}`);
      });
    },
  };
}
