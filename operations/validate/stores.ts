import { failed, passed, type Check } from '../../domain/checks.ts';
import type { ElasticsearchStore, ZookeeperQueueStore } from '../../domain/platform.ts';
import type { Client } from '../../systems/elasticsearch/client.ts';
import { assertInstalled } from '../../systems/elasticsearch/features.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { matchesOf, resolveIndices } from '../../systems/elasticsearch/indices.ts';
import { missingRepositoryType, readRepository } from '../../systems/elasticsearch/repository/repository.ts';
import { snapshotNames } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import { runCheck } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { openBucket } from '../repository/observe-bucket.ts';
import { withSession } from '../queue/queue-session.ts';
import { checkPatterns } from './patterns.ts';

/** Elasticsearch, the indices that the file names, and the repository as far as it can be read already. */
export async function validateElasticsearch(open: OpenPlatform, store: ElasticsearchStore): Promise<Check[]> {
  const [asked, bucket] = await Promise.all([
    askElasticsearch(open, store),
    runCheck(`bucket ${store.name}`, () => checkBucket(open, store)),
  ]);
  return [...asked, bucket].filter((check) => check !== undefined);
}

async function askElasticsearch(open: OpenPlatform, store: ElasticsearchStore): Promise<(Check | undefined)[]> {
  const name = `store ${store.name}`;
  let indices: Check | undefined;
  let repository: Check | undefined;
  const reached = await runCheck(name, async () => {
    const client = await open.elasticsearch(store);
    try {
      const { version, nodes } = await clusterIdentity(client);
      await assertInstalled(client, store.featureStates, store.name);
      indices = await runCheck(`indices ${store.name}`, async () =>
        checkPatterns(store, await matchesOf(client, store.indices), { present: await resolveIndices(client, ['*']) }),
      );
      repository = await runCheck(`repository ${store.name}`, () => checkRepository(client, store));
      return passed(name, `Elasticsearch ${version} answers, ${nodes.length} nodes`);
    } finally {
      await client.close();
    }
  });
  return [reached, indices, repository];
}

async function checkRepository(client: Client, store: ElasticsearchStore): Promise<Check> {
  const { name, type } = store.repository;
  const check = `repository ${store.name}`;
  const lacking = await missingRepositoryType(client, type);
  if (lacking.length > 0)
    return failed(
      check,
      `No repository type "${type}" on ${lacking.join(', ')}`,
      'Install its module or plugin on every node',
    );
  if ((await readRepository(client, name)) === undefined)
    return passed(check, `"${name}" is not registered yet: the first backup registers it`);
  const snapshots = await snapshotNames(client, name, '*');
  return passed(check, `"${name}" is registered and can be read: ${snapshots.length} snapshots`);
}

/** Undefined where the platform file names no secrets to read it with. */
async function checkBucket(open: OpenPlatform, store: ElasticsearchStore): Promise<Check | undefined> {
  const bucket = await openBucket(open, store);
  if ('unseen' in bucket) return undefined;
  await bucket.storage.list('')[Symbol.asyncIterator]().next();
  return passed(`bucket ${store.name}`, `${bucket.where} can be read from here`);
}

export async function validateQueue(open: OpenPlatform, store: ZookeeperQueueStore): Promise<Check | undefined> {
  const name = `store ${store.name}`;
  return runCheck(name, () =>
    withSession(open, store, {}, async (session) => {
      const found = await session.countChildren(store.path);
      return passed(name, `ZooKeeper answers; ${store.path} ${found === undefined ? 'does not exist yet' : 'exists'}`);
    }),
  );
}
