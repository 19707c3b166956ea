import type { ExpectedSet, StoreArtefact } from '../../domain/recovery-points/recovery-point.ts';
import { globalMetadataCrc } from '../../systems/elasticsearch/repository/global-metadata.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { openScrubbedBucket } from '../scrub/bucket.ts';
import { storeNamed } from '../stores/store-named.ts';

/**
 * What will tell a snapshot's global metadata from another's, taken while nobody had time to exchange them. A bucket that
 * cannot be read from here is no reason against a point: then the file is compared from its first reading on.
 */
export async function noteMetadata(
  open: OpenPlatform,
  { store, snapshot }: Pick<ExpectedSet, 'store' | 'snapshot'>,
): Promise<Pick<StoreArtefact, 'globalMetadataCrc'>> {
  const seen = await observe(async () => {
    const bucket = await openScrubbedBucket(open, storeNamed(open.platform, 'elasticsearch', store));
    return 'unseen' in bucket ? undefined : globalMetadataCrc(bucket.storage, snapshot);
  });
  const crc = 'seen' in seen ? seen.seen : undefined;
  return crc === undefined ? {} : { globalMetadataCrc: crc };
}
