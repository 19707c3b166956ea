import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { ObjectStorage } from '../../systems/object-storage/object-storage.ts';
import { s3Storage } from '../../systems/object-storage/s3.ts';
import { s3Objects, type LargeObjects } from '../../systems/object-storage/s3-objects.ts';
import { repositoryBucket, type BucketAccess } from '../repository/bucket-location.ts';

/** The repository's own bucket, from its base path on. */
export interface ScrubbedBucket {
  storage: Pick<ObjectStorage, 'list' | 'get' | 'description'>;
  objects: LargeObjects;
  /** Tells one repository from another: bucket and folder. */
  place: string;
}

/** As `openBucket`, also for what is too large for memory. Failure: MissingSecret. */
export async function openScrubbedBucket(
  access: BucketAccess,
  store: ElasticsearchStore,
): Promise<ScrubbedBucket | { unseen: string }> {
  const { type } = store.repository;
  if (type !== 's3') return { unseen: `A repository of type ${type} cannot be read without Elasticsearch` };
  const found = await repositoryBucket(access, store);
  if (found === undefined) return { unseen: "The platform file names no secrets of the repository's client" };
  return { storage: s3Storage(found), objects: s3Objects(found), place: `${found.bucket}/${found.prefix}` };
}
