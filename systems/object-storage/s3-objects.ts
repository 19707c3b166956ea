import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  NoSuchKey,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/failures.ts';
import { checkedKey } from './object-key.ts';
import { objectStorageFailure } from './object-storage-failures.ts';
import { s3Client } from './s3-client.ts';
import type { S3Options } from './s3.ts';
import { writePieces, type WantedContent } from './write-pieces.ts';

/** How often a body that breaks off is gone on with, at the byte where it broke. */
const resumptions = 4;

/** An earlier or the present content of a key, where the bucket keeps versions. */
export interface ObjectVersion {
  id: string;
  bytes: number;
  /** ISO 8601, UTC. */
  at: string;
  latest: boolean;
}

/** Objects too large to be held in memory, and what a bucket keeps of them. Keys as in ObjectStorage. */
export interface LargeObjects {
  /**
   * The object's bytes in pieces; undefined: there is no such object. A connection that breaks is made again and goes on
   * where it was. Failures: those of the storage.
   */
  read: (
    key: string,
    options?: { version?: string; signal?: AbortSignal },
  ) => Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Newest first, without the marks of deletions; empty: the bucket keeps none. */
  versions: (key: string) => Promise<ObjectVersion[]>;
  /** Makes a copy of this version the present content of its key. The server copies; nothing passes through here. */
  putBack: (key: string, version: string) => Promise<void>;
  /**
   * Writes an object from pieces, when these have the length and CRC-32 that are wanted; else nothing is written, and the
   * answer is false. Failures: those of the storage, and what the pieces throw.
   */
  write: (key: string, pieces: AsyncIterable<Uint8Array>, wanted: WantedContent) => Promise<boolean>;
}

/** The same bucket as `s3Storage` has it, for what is large. Failures: those of `s3Storage`. */
export function s3Objects(options: S3Options): LargeObjects {
  const { bucket, prefix, endpoint } = options;
  const client = s3Client(options);
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const where = `s3://${bucket}/${folder}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const fullKey = (key: string) => folder + checkedKey(key);
  const failed = (error: unknown, doing: string) => objectStorageFailure(error, doing, where);
  return {
    async read(key, { version, signal } = {}) {
      const open = (from: number) => openBody(client, { bucket, key: fullKey(key), version, from, signal });
      try {
        const body = await open(0);
        return body && resumed(body, open, (error) => failed(error, `Reading ${key}`), signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw failed(error, `Reading ${key}`);
      }
    },
    async versions(key) {
      const wanted = fullKey(key);
      const answer = await client
        .send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: wanted }))
        .catch((error: unknown) => Promise.reject(failed(error, `Listing the versions of ${key}`)));
      // Sorted by key: those of a longer key come after all of this one's, which are far fewer than a page.
      return (answer.Versions ?? [])
        .filter(({ Key, VersionId }) => Key === wanted && VersionId !== undefined)
        .map(({ VersionId: id = '', Size = 0, LastModified, IsLatest }) => ({
          id,
          bytes: Size,
          at: (LastModified ?? new Date(0)).toISOString(),
          latest: IsLatest === true,
        }))
        .toSorted((a, b) => (a.at < b.at ? 1 : -1));
    },
    async putBack(key, version) {
      const source = `${bucket}/${fullKey(key)}`.split('/').map(encodeURIComponent).join('/');
      await client
        .send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: fullKey(key),
            CopySource: `${source}?versionId=${encodeURIComponent(version)}`,
          }),
        )
        .catch((error: unknown) => Promise.reject(failed(error, `Putting back a version of ${key}`)));
    },
    async write(key, pieces, wanted) {
      try {
        return await writePieces({ client, bucket, key: fullKey(key) }, pieces, wanted);
      } catch (error) {
        throw error instanceof Failure ? error : failed(error, `Writing ${key}`);
      }
    },
  };
}

interface Place {
  bucket: string;
  key: string;
  version: string | undefined;
  from: number;
  signal: AbortSignal | undefined;
}

async function openBody(
  client: S3Client,
  { bucket, key, version, from, signal }: Place,
): Promise<{ stream: Readable; etag?: string } | undefined> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(version !== undefined && { VersionId: version }),
    ...(from > 0 && { Range: `bytes=${from}-` }),
  });
  try {
    const { Body, ETag } = await client.send(command, { ...(signal && { abortSignal: signal }) });
    return { stream: Body as Readable, ...(ETag !== undefined && { etag: ETag }) };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

type Body = NonNullable<Awaited<ReturnType<typeof openBody>>>;

async function* resumed(
  first: Body,
  open: (from: number) => Promise<Body | undefined>,
  failed: (error: unknown) => Failure,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  let body = first;
  for (let left = resumptions; ; left--) {
    try {
      for await (const piece of body.stream as AsyncIterable<Uint8Array>) {
        at += piece.length;
        yield piece;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (left === 0) throw failed(error);
      const next = await open(at).catch((again: unknown) => Promise.reject(failed(again)));
      // Replaced or removed meanwhile: the halves of two objects are no object.
      if (next === undefined || next.etag !== first.etag) throw failed(error);
      body = next;
    }
  }
}
