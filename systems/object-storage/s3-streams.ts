import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  NoSuchUpload,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BucketWriting } from '../../domain/authentication.ts';
import { Failure } from '../../domain/failures.ts';
import { sourceOf } from '../streams/source.ts';
import { checkedKey } from './object-key.ts';
import { s3Failure } from './object-storage-failures.ts';
import { inParts, mostParts, partSize } from './parts.ts';
import { s3Client } from './s3-client.ts';
import { s3Objects } from './s3-objects.ts';
import type { S3Options } from './s3.ts';
import type { StreamStorage } from './stream-storage.ts';
import { algorithmOf, checkedWith, encryptedWith } from './written-with.ts';

interface Upload {
  client: S3Client;
  bucket: string;
  key: string;
  /** The encryption and checksum of what is written. */
  writing: BucketWriting;
  signal: AbortSignal | undefined;
  /** For tests: the size of a part, by its number from 1. */
  sizeOf: (number: number) => number;
}

/** The same bucket as `s3Storage` has it, for objects of any size. Failures: those of `s3Storage`. */
export function s3Streams(
  options: S3Options,
  { client = s3Client(options), sizeOf = partSize }: { client?: S3Client; sizeOf?: (number: number) => number } = {},
): StreamStorage {
  const { bucket, prefix, endpoint } = options;
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const description = `s3://${bucket}/${base}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const failed = (error: unknown, doing: string) => s3Failure(error, { doing, where: description, place: options });
  return {
    description,
    async write(key, pieces, { signal } = {}) {
      const source = sourceOf(pieces);
      try {
        await writeStream(
          { client, bucket, key: base + checkedKey(key), writing: options, signal, sizeOf },
          source.pieces,
        );
      } catch (error) {
        signal?.throwIfAborted();
        throw await source.explain(error, () => failed(error, `Writing ${key}`));
      }
    },
    read: (key, given) => s3Objects(options).read(key, given),
    async abandon(folder) {
      try {
        return await abandonUploads(client, bucket, base + folder);
      } catch (error) {
        throw await failed(error, `Ending unfinished uploads below ${folder}`);
      }
    },
  };
}

/** What fits into one part is one request; the rest an upload in parts, of which one travels while the next fills. */
async function writeStream(upload: Upload, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const { client, bucket: Bucket, key: Key, writing, signal, sizeOf } = upload;
  const parts = inParts(pieces, sizeOf);
  const first = await parts.next();
  if (first.done === true || first.value.length < sizeOf(1)) {
    const Body = first.value ?? new Uint8Array();
    // It may still fail behind its last piece.
    await parts.next();
    const put = { Bucket, Key, Body, ...encryptedWith(writing), ...checkedWith(writing, Body) };
    await client.send(new PutObjectCommand(put), abortable(signal));
    return;
  }
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ...encryptedWith(writing), ...algorithmOf(writing) }),
    abortable(signal),
  );
  try {
    const Parts = await sendParts(upload, UploadId, joined(first.value, parts));
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      abortable(signal),
    );
  } catch (error) {
    // What is left of an upload would be paid for, unseen. Not with the signal: it may be why. What cannot be ended now is by `abandon`.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function sendParts(
  { client, bucket: Bucket, key: Key, writing, signal }: Upload,
  UploadId: string | undefined,
  parts: AsyncIterable<Uint8Array>,
): Promise<CompletedPart[]> {
  const done: CompletedPart[] = [];
  const send = async (PartNumber: number, Body: Uint8Array): Promise<void> => {
    const part = { Bucket, Key, UploadId, PartNumber, Body, ...checkedWith(writing, Body) };
    const { ETag, ChecksumCRC32, ChecksumSHA256 } = await client.send(new UploadPartCommand(part), abortable(signal));
    done.push({ PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 });
  };
  let sending: Promise<void> = Promise.resolve();
  let number = 0;
  for await (const part of parts) {
    if (++number > mostParts) throw tooLarge(Key);
    await sending;
    sending = send(number, part);
    // It is awaited with the next part; meanwhile its failure must not end the process.
    sending.catch(() => undefined);
  }
  await sending;
  return done;
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function abandonUploads(client: S3Client, Bucket: string, Prefix: string): Promise<number> {
  let ended = 0;
  let after: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, ...after }));
    for (const { Key, UploadId } of page.Uploads ?? []) {
      // Some servers take no prefix and list the whole bucket: that of others is none of our business.
      if (Key?.startsWith(Prefix) !== true) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(ignoreGone);
      ended++;
    }
    if (page.IsTruncated !== true) return ended;
    after = {
      ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
      ...(page.NextUploadIdMarker !== undefined && { UploadIdMarker: page.NextUploadIdMarker }),
    };
  }
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof NoSuchUpload)) throw error;
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

function tooLarge(key: string): Failure {
  return new Failure('ObjectStorageFull', {
    message: `${key} has more than 234 GiB, which is the most that an upload of 10,000 parts takes`,
    remedy:
      'Back this database up by its WAL (pgBackRest, wal-g), or leave tables out of the store in the platform file',
  });
}
