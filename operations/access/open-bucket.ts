import { proxyFor } from '../../config/proxy.ts';
import { resolveSecrets } from '../../config/secrets.ts';
import type { TrustSettings } from '../../domain/authentication.ts';
import type { CatalogueLocation, ElasticsearchStore, ReadableBucket } from '../../domain/platform.ts';
import type { S3Keys, S3Place } from '../../systems/object-storage/s3-client.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';
import { trustOptions } from '../../systems/tls/trust.ts';
import { keysFrom } from './aws-keys.ts';

/** Where a bucket is, before it is known who asks. */
export interface BucketPlace {
  /** Absent: Amazon's own. */
  endpoint?: string;
  region: string;
}

/** Who asks for a bucket, and how it is reached. `implicit`: the environment's keys, which the platform file does not name. */
export type S3Access = Partial<S3Keys> & Pick<S3Place, 'tls' | 'proxy'> & { implicit?: true };

type BucketLocation = Extract<CatalogueLocation, { kind: 's3' }>;

/** The catalogue's bucket. Failures: MissingSecret, InvalidArgument, CertificateRefused. */
export async function catalogueBucket(location: BucketLocation, variables: NodeJS.ProcessEnv): Promise<S3Options> {
  const { bucket, prefix, endpoint, region, encryption, checksum, deletion, tls } = location;
  const surroundings = { purpose: 'catalogue.deletion.credentials', region, variables };
  const [keys, way] = await Promise.all([
    catalogueKeys(location, variables),
    wayTo({ endpoint, region }, tls, variables),
  ]);
  return {
    bucket,
    prefix,
    endpoint,
    region,
    ...keys,
    ...way,
    // Looked for when something is deleted: a worker that never prunes need not have them.
    ...(deletion && { deletionKeys: async () => (await keysFrom(deletion.credentials, surroundings))() }),
    ...(encryption && { encryption }),
    ...(checksum && { checksum }),
  };
}

/** A bucket that damaged files may be put back from; read only. Failures: MissingSecret, InvalidArgument, CertificateRefused. */
export async function healSourceBucket(source: ReadableBucket, variables: NodeJS.ProcessEnv): Promise<S3Options> {
  return catalogueBucket({ kind: 's3', ...source }, variables);
}

async function catalogueKeys(location: BucketLocation, variables: NodeJS.ProcessEnv): Promise<S3Keys> {
  const { accessKey, secretKey, sessionToken, credentials = { kind: 'environment' }, region } = location;
  if (accessKey === undefined || secretKey === undefined)
    return { keys: await keysFrom(credentials, { purpose: 'catalogue.credentials', region, variables }) };
  const secrets = await resolveSecrets(
    {
      'catalogue.accessKey': accessKey,
      'catalogue.secretKey': secretKey,
      ...(sessionToken && { 'catalogue.sessionToken': sessionToken }),
    },
    variables,
  );
  return {
    accessKey: secrets['catalogue.accessKey'] ?? '',
    secretKey: secrets['catalogue.secretKey'] ?? '',
    ...(sessionToken && { sessionToken: secrets['catalogue.sessionToken'] }),
  };
}

/**
 * How Rekindle itself reads a repository's bucket: as `bucketAccess` says; else, where no secrets of the nodes are named
 * and the bucket is Amazon's, with what the environment names. The way there is given in any case.
 */
export async function repositoryAccess(
  store: ElasticsearchStore,
  place: BucketPlace,
  variables: NodeJS.ProcessEnv,
): Promise<S3Access> {
  const { name, bucketAccess } = store;
  const way = await wayTo(place, bucketAccess?.tls, variables);
  const surroundings = { purpose: `${name}.bucketAccess.credentials`, region: place.region, variables };
  if (bucketAccess) return { keys: await keysFrom(bucketAccess.credentials, surroundings), ...way };
  if (!isAmazon(place.endpoint) || !namesCredentials(variables)) return way;
  return { keys: await keysFrom({ kind: 'environment' }, surroundings), implicit: true, ...way };
}

function isAmazon(endpoint: string | undefined): boolean {
  return endpoint === undefined || /\.amazonaws\.com(\.cn)?(:\d+)?\/?$/.test(endpoint);
}

/** Whether the environment says whose keys to take; the metadata of a machine is asked only where the platform file says so. */
function namesCredentials(variables: NodeJS.ProcessEnv): boolean {
  return [
    'AWS_ACCESS_KEY_ID',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ].some((name) => Boolean(variables[name]));
}

async function wayTo(
  { endpoint, region }: BucketPlace,
  tls: TrustSettings | undefined,
  variables: NodeJS.ProcessEnv,
): Promise<Pick<S3Place, 'tls' | 'proxy'>> {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const proxy = proxyFor(url.href, variables);
  const trusted = tls && (await trustOptions({ host: url.hostname, port: Number(url.port) || 443 }, tls));
  return { ...(trusted && { tls: trusted }), ...(proxy !== undefined && { proxy }) };
}
