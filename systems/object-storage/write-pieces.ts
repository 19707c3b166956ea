import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** More is uploaded in parts, of which one at a time is in memory. */
const partBytes = 16 * 1024 * 1024;
/** S3's own limit. */
const mostParts = 10_000;

/** What pieces must be in all; `crc`: CRC-32. */
export interface WantedContent {
  bytes: number;
  crc: number;
}

interface Target {
  client: S3Client;
  bucket: string;
  key: string;
}

/**
 * Writes an object, at once or in parts, of which nobody sees anything before all of them are there. Only when the pieces
 * are what is wanted it is completed; answers whether it was.
 */
export async function writePieces(
  target: Target,
  pieces: AsyncIterable<Uint8Array>,
  wanted: WantedContent,
): Promise<boolean> {
  const { client, bucket: Bucket, key: Key } = target;
  const sum = { bytes: 0, crc: 0 };
  const parts = inParts(pieces, Math.max(partBytes, Math.ceil(wanted.bytes / mostParts)), sum);
  const isWanted = () => sum.bytes === wanted.bytes && sum.crc === wanted.crc;
  if (wanted.bytes > partBytes) return writeInParts(target, parts, isWanted);
  const whole: Uint8Array[] = [];
  for await (const part of parts) {
    whole.push(part);
    // Longer than it may be: the rest need not be read.
    if (sum.bytes > wanted.bytes) return false;
  }
  if (!isWanted()) return false;
  await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.concat(whole) }));
  return true;
}

async function writeInParts(
  { client, bucket: Bucket, key: Key }: Target,
  parts: AsyncIterable<Uint8Array>,
  isWanted: () => boolean,
): Promise<boolean> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = { Bucket, Key, UploadId };
  const done: { PartNumber: number; ETag: string | undefined }[] = [];
  let completed = false;
  try {
    for await (const Body of parts) {
      const PartNumber = done.length + 1;
      const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      done.push({ PartNumber, ETag });
    }
    if (!isWanted()) return false;
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }));
    completed = true;
    return true;
  } finally {
    // What is left of an upload would be paid for, unseen; one that cannot be removed now does no other harm.
    if (!completed) await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
  }
}

/** Pieces of any size as parts of one size, but for the last; `sum` grows with what was read. */
async function* inParts(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
  sum: { bytes: number; crc: number },
): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    sum.bytes += piece.length;
    sum.crc = crc32(piece, sum.crc);
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + size - length);
      kept.push(part);
      at += part.length;
      length += part.length;
      if (length < size) continue;
      yield Buffer.concat(kept);
      [kept, length] = [[], 0];
    }
  }
  if (length > 0) yield Buffer.concat(kept);
}
