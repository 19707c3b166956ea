import { createHash } from 'node:crypto';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { BucketWriting } from '../../domain/authentication.ts';

/** The encryption that is asked for, of an object or of an upload in parts. */
export function encryptedWith({ encryption }: BucketWriting): Partial<PutObjectCommandInput> {
  return encryption ? { ServerSideEncryption: encryption.kind, SSEKMSKeyId: encryption.keyId } : {};
}

/** The checksum that Object Lock demands, of an object or of a part. */
export function checkedWith(
  { checksum }: BucketWriting,
  bytes: Uint8Array,
): Pick<PutObjectCommandInput, 'ContentMD5' | 'ChecksumAlgorithm'> {
  if (checksum === 'md5') return { ContentMD5: createHash('md5').update(bytes).digest('base64') };
  return algorithmOf({ checksum });
}

/** The algorithm alone, which an upload in parts names when it begins. */
export function algorithmOf({
  checksum,
}: Pick<BucketWriting, 'checksum'>): Pick<PutObjectCommandInput, 'ChecksumAlgorithm'> {
  if (checksum === 'crc32') return { ChecksumAlgorithm: 'CRC32' };
  return checksum === 'sha256' ? { ChecksumAlgorithm: 'SHA256' } : {};
}
