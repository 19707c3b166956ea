import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { ExpectedSet } from '../../domain/recovery-point.ts';
import { readRepositoryIndex } from '../../systems/elasticsearch/repository-index.ts';
import { lookForShards, type ShardLook } from '../../systems/elasticsearch/repository-shards.ts';
import type { SnapshotState } from '../../systems/elasticsearch/snapshots.ts';
import { s3Storage } from '../../systems/object-storage/s3.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket } from '../repository-bucket.ts';
import { lookAt, type Look } from './look.ts';

/** What the repository's own index in the bucket says. */
export interface BucketSeen {
  /** For people: `bucket snapshots/es`. */
  where: string;
  /** UUID of the cluster that wrote last; absent where its server did not say. */
  writer?: string;
  snapshots: { name: string; state: SnapshotState }[];
  /** The files of the wanted snapshot; absent when it is not listed. */
  shards?: ShardLook;
}

/** Reads the bucket with the platform file's secrets, which needs no living Elasticsearch. */
export async function lookIntoBucket(
  open: Pick<OpenPlatform, 'storeSecrets'>,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  signal?: AbortSignal,
): Promise<Look<BucketSeen>> {
  const { type } = store.repository;
  if (type !== 's3') return { unseen: `a repository of type ${type} cannot be read without Elasticsearch` };
  return await lookAt(async () => {
    const place = await repositoryBucket(open, store);
    if (place === undefined) return undefined;
    const { bucket, prefix: basePath } = place;
    const storage = s3Storage(place);
    const index = await readRepositoryIndex(storage);
    const listed = index.snapshots.some(({ name }) => name === expected.snapshot);
    return {
      where: `bucket ${bucket}${basePath === '' ? '' : `/${basePath}`}`,
      ...(index.writer !== undefined && { writer: index.writer }),
      snapshots: index.snapshots,
      ...(listed && {
        shards: await lookForShards(storage, index, expected.snapshot, expected.indices, { signal }),
      }),
    };
  }).then((look): Look<BucketSeen> => {
    if (!('seen' in look)) return look;
    return look.seen
      ? { seen: look.seen }
      : { unseen: "the platform file names no secrets of the repository's client" };
  });
}
