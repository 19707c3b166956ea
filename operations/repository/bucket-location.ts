import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';
import type { OpenPlatform } from '../open-platform.ts';

/**
 * How the repository's own bucket is reached, with the secrets that its nodes hold; undefined when it is no s3 repository
 * or the platform file names no secrets of its client. Failure: MissingSecret.
 */
export async function repositoryBucket(
  open: Pick<OpenPlatform, 'storeSecrets'>,
  store: ElasticsearchStore,
): Promise<S3Options | undefined> {
  const { type, settings } = store.repository;
  if (type !== 's3') return undefined;
  const secrets = await open.storeSecrets(store);
  const client = settings['client'] ?? 'default';
  const accessKey = secrets[`s3.client.${client}.access_key`];
  const secretKey = secrets[`s3.client.${client}.secret_key`];
  if (accessKey === undefined || secretKey === undefined) return undefined;
  return {
    bucket: settings['bucket'] ?? '',
    prefix: settings['base_path'] ?? '',
    endpoint: settings['endpoint'],
    region: settings['region'] ?? 'us-east-1',
    accessKey,
    secretKey,
  };
}
