import type { DeploymentCapture } from '../../domain/deployment.ts';
import { servicesOf, type ElasticsearchStore } from '../../domain/platform.ts';
import {
  readS3ClientSettings,
  s3ClientSettingsOf,
  type S3ClientSettings,
} from '../../systems/elasticsearch/repository/s3-client-settings.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { configurationOf } from '../stores/node-configuration.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';

export interface BucketAccess
  extends Pick<OpenPlatform, 'storeSecrets' | 'elasticsearch'>, Partial<Pick<OpenPlatform, 'bucketAccess'>> {
  /** Says how the store's nodes are configured when none of them answers; absent: nobody knows. */
  captureOf?: () => Promise<DeploymentCapture>;
}

/** `implicit`: read with the environment's keys, which the platform file does not name. */
export type RepositoryBucket = S3Options & { implicit?: true };

/**
 * Where the repository's own bucket is, as the nodes find it: the repository's settings, else those of the nodes'
 * `s3.client.*`; with the secrets that the nodes hold, or as `bucketAccess` says. Undefined when it is no s3 repository or nobody
 * says with which keys. Failure: MissingSecret.
 */
export async function repositoryBucket(
  access: BucketAccess,
  store: ElasticsearchStore,
): Promise<RepositoryBucket | undefined> {
  const { type, settings } = store.repository;
  if (type !== 's3') return undefined;
  const secrets = await access.storeSecrets(store);
  const client = settings['client'] ?? 'default';
  const accessKey = secrets[`s3.client.${client}.access_key`];
  const secretKey = secrets[`s3.client.${client}.secret_key`];
  const sessionToken = secrets[`s3.client.${client}.session_token`];
  const named = accessKey !== undefined && secretKey !== undefined;
  if (!named && access.bucketAccess === undefined) return undefined;
  // A whole URL needs no more: no node is asked.
  const nodes = hasScheme(settings['endpoint'] ?? '') ? {} : await nodeSettings(access, store, client);
  const endpoint = settings['endpoint'] ?? nodes.endpoint;
  const protocol = settings['protocol'] ?? nodes.protocol ?? 'https';
  const place = {
    endpoint: endpoint === undefined || hasScheme(endpoint) ? endpoint : `${protocol}://${endpoint}`,
    region: settings['region'] ?? nodes.region ?? 'us-east-1',
  };
  const found = await access.bucketAccess?.(store, place);
  const { implicit, tls, proxy } = found ?? {};
  const way = { ...(tls && { tls }), ...(proxy !== undefined && { proxy }) };
  const common = { bucket: settings['bucket'] ?? '', prefix: settings['base_path'] ?? '', ...place, ...way };
  if (found && 'keys' in found && found.keys && (store.bucketAccess || !named))
    return { ...common, keys: found.keys, ...(implicit && { implicit }) };
  if (!named) return undefined;
  return { ...common, accessKey, secretKey, ...(sessionToken !== undefined && { sessionToken }) };
}

const hasScheme = (endpoint: string) => /^https?:\/\//.test(endpoint);

/** Of the living nodes, else as their container is configured. */
async function nodeSettings(
  access: BucketAccess,
  store: ElasticsearchStore,
  client: string,
): Promise<S3ClientSettings> {
  const living = await observe(() => withElasticsearch(access, store, (node) => readS3ClientSettings(node, client)));
  if ('seen' in living) return living.seen;
  const { captureOf } = access;
  const capture = captureOf && (await observe(captureOf));
  if (!capture || !('seen' in capture)) return {};
  const { containers, files } = capture.seen;
  const create = containers.find(({ service }) => servicesOf(store).includes(service))?.create;
  if (create === undefined) return {};
  return s3ClientSettingsOf(client, configurationOf(create, files));
}
