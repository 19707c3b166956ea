import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import { readRepositoryIndex } from '../../systems/elasticsearch/repository/repository-index.ts';
import { observeShards, type ShardsObservation } from '../../systems/elasticsearch/repository/repository-shards.ts';
import type { SnapshotState } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import type { ObjectStorage } from '../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../systems/object-storage/s3.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket } from './bucket-location.ts';
import { observe, type Observation } from '../observation.ts';

/** What the repository's own index in the bucket says. */
export interface BucketSeen {
  /** For people: `bucket snapshots/es`. */
  where: string;
  /** UUID of the cluster that wrote last; absent where its server did not say. */
  writer?: string;
  snapshots: { name: string; state: SnapshotState }[];
  /** The files of the wanted snapshot; absent when it is not listed. */
  shards?: ShardsObservation;
}

/** Reads the bucket with the platform file's secrets, which needs no living Elasticsearch. */
export async function observeBucket(
  open: Pick<OpenPlatform, 'storeSecrets'>,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  signal?: AbortSignal,
): Promise<Observation<BucketSeen>> {
  const bucket = await observe(() => openBucket(open, store));
  if (!('seen' in bucket)) return bucket;
  if ('unseen' in bucket.seen) return bucket.seen;
  const { storage, where } = bucket.seen;
  return observe(async () => {
    const index = await readRepositoryIndex(storage);
    const listed = index.snapshots.some(({ name }) => name === expected.snapshot);
    return {
      where,
      ...(index.writer !== undefined && { writer: index.writer }),
      snapshots: index.snapshots,
      ...(listed && {
        shards: await observeShards(storage, index, expected.snapshot, expected.indices, { signal }),
      }),
    };
  });
}

/** The repository's own bucket, from its base path on; or why it cannot be read from here. Failure: MissingSecret. */
export async function openBucket(
  open: Pick<OpenPlatform, 'storeSecrets'>,
  store: ElasticsearchStore,
): Promise<{ storage: ObjectStorage; where: string } | { unseen: string }> {
  const { type } = store.repository;
  if (type !== 's3') return { unseen: `a repository of type ${type} cannot be read without Elasticsearch` };
  const place = await repositoryBucket(open, store);
  if (place === undefined) return { unseen: "the platform file names no secrets of the repository's client" };
  const { bucket, prefix } = place;
  return { storage: s3Storage(place), where: `bucket ${bucket}${prefix === '' ? '' : `/${prefix}`}` };
}
