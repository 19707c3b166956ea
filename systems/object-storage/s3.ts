import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectStorage, StoredObject } from './object-storage.ts';
import { checkedKey } from './object-key.ts';
import { s3Failure } from './object-storage-failures.ts';
import { s3Client, type S3Place } from './s3-client.ts';
import { checkedWith, encryptedWith } from './written-with.ts';

/** `prefix` is put before every key; empty, or a folder with or without its slash. */
export type S3Options = S3Place & { prefix: string };

/**
 * Objects in a bucket of S3 or of a server that speaks it. Failures: WrongCredentials, AccessDenied, ClockSkew,
 * CertificateRefused, BucketMissing, ObjectStorageUnreachable, CatalogueRefused.
 */
export function s3Storage(options: S3Options): ObjectStorage {
  const { bucket, prefix, endpoint } = options;
  const client = s3Client(options);
  const { deletionKeys } = options;
  const deleting = deletionKeys === undefined ? client : s3Client({ ...options, keys: deletionKeys });
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const description = `s3://${bucket}/${folder}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const address = (key: string) => ({ Bucket: bucket, Key: folder + checkedKey(key) });
  const failed = async (error: unknown, doing: string) =>
    Promise.reject(await s3Failure(error, { doing, where: description, place: options }));
  return {
    description,
    async put(key, bytes) {
      await client
        .send(
          new PutObjectCommand({
            ...address(key),
            Body: bytes,
            ...encryptedWith(options),
            ...checkedWith(options, bytes),
          }),
        )
        .catch((error: unknown) => failed(error, `Writing ${key}`));
    },
    async get(key) {
      try {
        return await readWhole(client, new GetObjectCommand(address(key)));
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        return failed(error, `Reading ${key}`);
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
          .catch((error: unknown) => failed(error, `Listing ${start}`));
        for (const { Key, Size } of page.Contents ?? [])
          if (Key !== undefined) yield { key: Key.slice(folder.length), bytes: Size ?? 0 } satisfies StoredObject;
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async delete(key) {
      await deleting.send(new DeleteObjectCommand(address(key))).catch(async (error: unknown) => {
        if (!(error instanceof NoSuchKey)) await failed(error, `Deleting ${key}`);
      });
    },
  };
}

/**
 * The object's bytes, read within the SDK's attempts: otherwise it counts an attempt as done at the headers, and a
 * connection that is reset within the body is not retried.
 */
async function readWhole(client: S3Client, command: GetObjectCommand): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      bytes = await answer.output?.Body?.transformToByteArray();
      return answer;
    },
    { step: 'deserialize', priority: 'high' },
  );
  await client.send(command);
  return bytes;
}
