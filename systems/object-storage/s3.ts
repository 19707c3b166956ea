import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ObjectStorage, StoredObject } from './object-storage.ts';
import { checkedKey } from './object-key.ts';
import { objectStorageFailure } from './object-storage-failures.ts';
import { s3Client, type S3Place } from './s3-client.ts';

export interface S3Options extends S3Place {
  /** Put before every key; empty, or a folder with or without its slash. */
  prefix: string;
}

/**
 * Objects in a bucket of S3 or of a server that speaks it. Failures: WrongCredentials, BucketMissing,
 * ObjectStorageUnreachable, CatalogueRefused.
 */
export function s3Storage(options: S3Options): ObjectStorage {
  const { bucket, prefix, endpoint } = options;
  const client = s3Client(options);
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
