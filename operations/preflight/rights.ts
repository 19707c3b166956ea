import { passed, warned, type Check } from '../../domain/checks.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import { mayDelete } from '../../systems/object-storage/may-delete.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket, type BucketAccess } from '../repository/bucket-location.ts';

/**
 * Whether Rekindle's own keys could delete the repository's files: who takes the machine could then destroy the backups
 * with it. A warning. The nodes' keys must be able to, so that keys which are theirs as well make no check; nor does a
 * server that does not answer, which other checks report.
 */
export async function checkRights(
  open: BucketAccess & Pick<OpenPlatform, 'catalogueBucket'>,
  store: ElasticsearchStore,
): Promise<Check | undefined> {
  const name = `rights ${store.name}`;
  const found = await observe(async () => {
    const [repository, catalogue] = await Promise.all([repositoryBucket(open, store), open.catalogueBucket()]);
    if (repository === undefined) return undefined;
    const ofNodes = 'accessKey' in repository ? repository.accessKey : await nodesKey(open, store);
    const asked: [what: string, place: S3Options][] = [];
    if (!('accessKey' in repository)) asked.push(['the keys that read the bucket', repository]);
    const { bucket, prefix } = repository;
    const same = catalogue && catalogue.endpoint === repository.endpoint;
    if (same && !('accessKey' in catalogue && catalogue.accessKey === ofNodes))
      asked.push(["the catalogue's keys", { ...catalogue, bucket, prefix }]);
    const answers = await Promise.all(asked.map(async ([what, place]) => ({ what, may: await mayDelete(place) })));
    return { bucket, answers: answers.filter(({ may }) => may !== undefined) };
  });
  if (!('seen' in found) || found.seen === undefined || found.seen.answers.length === 0) return undefined;
  const { bucket, answers } = found.seen;
  const able = answers.filter(({ may }) => may === true).map(({ what }) => what);
  if (able.length === 0) return passed(name, `Rekindle's own keys cannot delete the repository's files in ${bucket}`);
  return warned(
    name,
    `Also ${able.join(' and ')} can delete the repository's files in ${bucket}`,
    'Give them no more than the policies of deploy/rights/aws/ (docs/authentication.md#least-rights)',
  );
}

/** The access key that the nodes' keystores hold, as far as the platform file says. */
async function nodesKey(open: BucketAccess, store: ElasticsearchStore): Promise<string | undefined> {
  const secrets = await open.storeSecrets(store);
  return secrets[`s3.client.${store.repository.settings['client'] ?? 'default'}.access_key`];
}
