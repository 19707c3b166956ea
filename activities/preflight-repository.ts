import { failed, passed, type Check } from '../domain/checks.ts';
import { Failure } from '../domain/failures.ts';
import type { ElasticsearchStore } from '../domain/platform.ts';
import type { ExpectedSet, RecoveryPointManifest } from '../domain/recovery-point.ts';
import { missingRepositoryType, readRepository } from '../systems/elasticsearch/repository.ts';
import { readRepositoryIndex } from '../systems/elasticsearch/repository-index.ts';
import { s3Storage } from '../systems/object-storage/s3.ts';
import type { OpenPlatform } from './open-platform.ts';
import { checkSnapshot, readExpectedSet } from './recovery-points.ts';

/**
 * Reads the chosen snapshot back: from the bucket itself with the platform file's secrets, which needs no living
 * Elasticsearch, and through Elasticsearch where it answers. What neither can see is inconclusive.
 */
export async function checkRepository(
  open: OpenPlatform,
  store: ElasticsearchStore,
  manifest: RecoveryPointManifest,
): Promise<Check> {
  const expected = await readExpectedSet(open, manifest.id, store.name);
  const looks = [await lookIntoBucket(open, store, expected), await askElasticsearch(open, store, expected)];
  const seen = looks.filter((check) => check !== undefined);
  const name = `repository ${store.name}`;
  const bad = seen.find(({ verdict }) => verdict !== 'pass');
  if (bad) return { ...bad, name };
  if (seen.length > 0) return passed(name, seen.map(({ evidence }) => evidence).join('; '));
  return {
    name,
    verdict: 'inconclusive',
    evidence: `Elasticsearch does not answer and a repository of type ${store.repository.type} cannot be read without it`,
    remedy: 'for an s3 repository put its secrets into the platform file; otherwise start Elasticsearch',
  };
}

async function lookIntoBucket(
  open: OpenPlatform,
  store: ElasticsearchStore,
  expected: ExpectedSet,
): Promise<Check | undefined> {
  const { type, settings } = store.repository;
  const client = settings['client'] ?? 'default';
  const secrets = await open.storeSecrets(store);
  const accessKey = secrets[`s3.client.${client}.access_key`];
  const secretKey = secrets[`s3.client.${client}.secret_key`];
  if (type !== 's3' || accessKey === undefined || secretKey === undefined) return undefined;
  const bucket = settings['bucket'] ?? '';
  const basePath = settings['base_path'] ?? '';
  const storage = s3Storage({
    bucket,
    prefix: basePath,
    endpoint: settings['endpoint'],
    region: settings['region'] ?? 'us-east-1',
    accessKey,
    secretKey,
  });
  const { snapshots } = await readRepositoryIndex(storage);
  const found = snapshots.find(({ name }) => name === expected.snapshot);
  const where = `bucket ${bucket}${basePath === '' ? '' : `/${basePath}`}`;
  if (!found)
    return failed(
      'bucket',
      `${expected.snapshot} is not in ${where}, which holds ${snapshots.length} snapshots`,
      'choose another recovery point; this one was deleted in the repository',
    );
  if (found.state !== 'SUCCESS')
    return failed('bucket', `${expected.snapshot} is ${found.state} in ${where}`, 'choose another recovery point');
  return passed('bucket', `${expected.snapshot} is in ${where}: SUCCESS`);
}

async function askElasticsearch(
  open: OpenPlatform,
  store: ElasticsearchStore,
  expected: ExpectedSet,
): Promise<Check | undefined> {
  try {
    const client = await open.elasticsearch(store);
    try {
      const lacking = await missingRepositoryType(client, store.repository.type);
      if (lacking.length > 0)
        return failed(
          'type',
          `no repository type "${store.repository.type}" on ${lacking.join(', ')}`,
          'install its module or plugin on every node',
        );
      if ((await readRepository(client, store.repository.name)) === undefined) return undefined;
      return await checkSnapshot(client, expected);
    } finally {
      await client.close();
    }
  } catch (error) {
    // A dead Elasticsearch is the normal case of a disaster.
    const absent = ['ElasticsearchUnreachable', 'ServiceNotFound', 'ServiceUnhealthy'];
    if (error instanceof Failure && absent.includes(error.kind)) return undefined;
    throw error;
  }
}
