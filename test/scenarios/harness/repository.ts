import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import type { ObjectStorage } from '../../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../../systems/object-storage/s3.ts';

type Stored = { platform: Pick<DemoPlatform, 's3'> };

/** A bucket of the platform's S3 server, past Elasticsearch and Rekindle. */
export function bucketOf({ platform: { s3 } }: Stored, bucket: string): ObjectStorage {
  const { endpoint, accessKey, secretKey } = s3;
  return s3Storage({ bucket, prefix: '', endpoint, region: 'us-east-1', accessKey, secretKey });
}

/** The largest file of an index in a repository's bucket. */
export async function largestFileIn(bucket: ObjectStorage): Promise<{ key: string; good: Uint8Array }> {
  let largest = { key: '', bytes: 0 };
  for await (const object of bucket.list('indices/'))
    if (object.key.includes('/__') && object.bytes > largest.bytes) largest = object;
  const good = await bucket.get(largest.key);
  if (good === undefined) throw new Error('The bucket is empty');
  return { key: largest.key, good };
}

/** Twenty wrong bytes in the middle of a file, whose length stays. */
export function withWrongBytes(good: Uint8Array): Uint8Array {
  const damaged = good.slice();
  for (let at = 1000; at < 1020; at++) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
  return damaged;
}
