import type { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import { heldIndices } from '../../domain/recovery-points/expected-set.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { Watch } from '../../domain/watch.ts';
import { readRepositoryIndex, type RepositoryIndex } from '../../systems/elasticsearch/repository/repository-index.ts';
import { observeShards } from '../../systems/elasticsearch/repository/repository-shards.ts';
import { observeFiles } from '../../systems/elasticsearch/repository/snapshot-files.ts';
import { observeMetadata } from '../../systems/elasticsearch/repository/snapshot-metadata.ts';
import type { SnapshotState } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import type { ObjectStorage } from '../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../systems/object-storage/s3.ts';
import { repositoryBucket, type BucketAccess } from './bucket-location.ts';
import { observe, type Observation } from '../observation.ts';

/** What the repository's own index in the bucket says. */
export interface BucketSeen {
  /** For people: `bucket snapshots/es`. */
  where: string;
  /** UUID of the cluster that wrote last; absent where its server did not say. */
  writer?: string;
  snapshots: { name: string; state: SnapshotState }[];
  /** What the repository holds of the wanted snapshot; absent when it is not listed. */
  content?: SnapshotContent;
}

export interface SnapshotContent {
  /** What is missing or damaged: `the index nuvla-job`, `nuvla-job[1]: <key> is not there`. */
  faults: string[];
  /** What was looked at, for people: `4 shards`, `4 shards, 57 files and 9 metadata files`. */
  seen: string;
}

/**
 * Reads the bucket with the platform file's secrets, which needs no living Elasticsearch. `depth`: `shards` looks for each
 * shard's own file; `files` for every file that the snapshot refers to, with its size, and reads all metadata.
 */
export async function observeBucket(
  access: BucketAccess,
  store: ElasticsearchStore,
  expected: ExpectedSet,
  { depth, signal }: { depth: 'shards' | 'files' } & Watch,
): Promise<Observation<BucketSeen>> {
  const bucket = await observe(() => openBucket(access, store));
  if (!('seen' in bucket)) return bucket;
  if ('unseen' in bucket.seen) return bucket.seen;
  const { storage, where, implicit } = bucket.seen;
  const seen = await observe(async () => {
    const index = await readRepositoryIndex(storage);
    const listed = index.snapshots.some(({ name }) => name === expected.snapshot);
    return {
      where,
      ...(index.writer !== undefined && { writer: index.writer }),
      snapshots: index.snapshots,
      ...(listed && {
        content: await observeContent(storage, index, expected, { depth, signal }),
      }),
    };
  });
  // The environment's keys may be meant for something else: that they do not fit says nothing about the repository.
  if (implicit && 'failure' in seen && ['WrongCredentials', 'AccessDenied'].includes(seen.failure.kind))
    return { unseen: `The environment's credentials for AWS cannot read the ${where}: ${seen.failure.message}` };
  return seen;
}

/**
 * This host does not reach the server, which says nothing about the nodes. A refusal does: the restore hands them the very
 * secrets that were refused here, and registers the very bucket.
 */
export function isOutOfReach(bucket: Observation<unknown>): bucket is { failure: Failure } {
  return 'failure' in bucket && bucket.failure.kind === 'ObjectStorageUnreachable';
}

async function observeContent(
  storage: ObjectStorage,
  index: RepositoryIndex,
  expected: ExpectedSet,
  { depth, signal }: { depth: 'shards' | 'files' } & Watch,
): Promise<SnapshotContent> {
  const { snapshot } = expected;
  const indices = heldIndices(expected);
  const uuid = index.snapshots.find(({ name }) => name === snapshot)?.uuid ?? '';
  const held = indices.filter(({ name }) => index.indices[name]?.snapshots.includes(uuid));
  const lost = indices.filter((each) => !held.includes(each)).map(({ name }) => `the index ${name}`);
  if (depth === 'shards') {
    const { missing, shards } = await observeShards(storage, index, snapshot, held, { signal });
    return { faults: [...lost, ...missing], seen: `${shards} shards` };
  }
  const [files, metadata] = await Promise.all([
    observeFiles(storage, index, snapshot, held, { files: Infinity, signal }),
    observeMetadata(storage, index, snapshot, held, { signal }),
  ]);
  return {
    faults: [...lost, ...metadata.faults, ...files.faults, ...files.unreadable],
    seen: `${files.allShards} shards, ${files.files} files, ${metadata.files} metadata files`,
  };
}

/** The repository's own bucket, from its base path on; or why it cannot be read from here. Failure: MissingSecret. */
export async function openBucket(
  access: BucketAccess,
  store: ElasticsearchStore,
): Promise<{ storage: ObjectStorage; where: string; implicit?: true } | { unseen: string }> {
  const { type } = store.repository;
  if (type !== 's3') return { unseen: `A repository of type ${type} cannot be read without Elasticsearch` };
  const place = await repositoryBucket(access, store);
  if (place === undefined) return { unseen: "The platform file names no secrets of the repository's client" };
  const { bucket, prefix, implicit } = place;
  return {
    storage: s3Storage(place),
    ...(implicit && { implicit }),
    where: `bucket ${bucket}${prefix === '' ? '' : `/${prefix}`}`,
  };
}
