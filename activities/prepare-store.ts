import type { Client } from '@elastic/elasticsearch';
import { Failure } from '../domain/failures.ts';
import type { ElasticsearchStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { awaitNoSnapshot, awaitNotRed } from '../systems/elasticsearch/admission.ts';
import { clusterIdentity } from '../systems/elasticsearch/health.ts';
import { readRepositoryIndex } from '../systems/elasticsearch/repository/repository-index.ts';
import { readRepository } from '../systems/elasticsearch/repository/repository.ts';
import { activity } from './activity.ts';
import { withinLimit } from '../operations/time-limit.ts';
import { awaitListening } from '../operations/stores/await-listening.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';
import { openBucket } from '../operations/preflight/bucket.ts';
import { observe } from '../operations/observation.ts';
import { configureRepository } from '../operations/repository/configure-repository.ts';

/** What must be true before a snapshot is begun or deleted; nothing is touched until it is. */
export function prepareStoreActivities(dependencies: Dependencies) {
  return {
    /** Failures: ElasticsearchUnreachable, ClusterRed, RepositoryReadonly, SnapshotRunning; those of registering. */
    prepareStore: activity(async (call: StepCall<'prepareStore'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { store: name, snapshot, timeoutSeconds } = call.arguments;
      const store = storeNamed(open.platform, 'elasticsearch', name);
      const patience = { timeoutSeconds, since: performance.now() };
      return withinLimit(timeoutSeconds, async () => {
        const client = await awaitListening(open, store, patience, watch);
        try {
          if (snapshot !== undefined) await awaitNotRed(client, patience, watch);
          const note = await demandWritable(open, store, client);
          if (note !== undefined && snapshot !== undefined) {
            const repository = store.repository.name;
            await awaitNoSnapshot(client, { repository, own: snapshot, ...patience }, watch);
          }
          const registered = await configureRepository(open, store, client, 'writable');
          return { summary: `${name} answers; ${registered}${note ?? ''}` };
        } finally {
          await client.close();
        }
      });
    }),
  };
}

/**
 * A repository that others registered read-only is left as it is: another cluster may write to it, and two writers
 * corrupt it. One that a run of Rekindle left read-only (it died, or was aborted) becomes writable again. Answers with
 * what is to be noted of it; undefined: nothing is registered yet.
 */
async function demandWritable(
  open: OpenPlatform,
  store: ElasticsearchStore,
  client: Client,
): Promise<string | undefined> {
  const { name, settings } = store.repository;
  if (settings['readonly'] === 'true')
    throw new Failure('RepositoryReadonly', {
      message: `the platform file says that the repository ${name} of the store ${store.name} is readonly, so no snapshot can be taken`,
      remedy:
        'if this cluster shall write to it, and no other does, take "readonly" out of repository.settings; else back up where it is written',
    });
  const registered = await readRepository(client, name);
  if (registered === undefined) return undefined;
  if (!registered.readonly) return '';
  if (registered.readonlyBy !== undefined) return `; it was read-only since ${registered.readonlyBy}`;
  throw new Failure('RepositoryReadonly', {
    message: `the repository ${name} is registered read-only, and not by a run of Rekindle${await lastWriter(open, store, client)}; no snapshot was taken`,
    remedy: `find out who did it and why: another cluster may write to it, and two writers corrupt it. If this one shall write, "DELETE _snapshot/${name}", then take the backup again`,
  });
}

/** Who wrote last, where the bucket can be read: it tells whether there is another writer. */
async function lastWriter(open: OpenPlatform, store: ElasticsearchStore, client: Client): Promise<string> {
  const look = await observe(async () => {
    const bucket = await openBucket(open, store);
    return 'unseen' in bucket ? undefined : (await readRepositoryIndex(bucket.storage)).writer;
  });
  const writer = 'seen' in look ? look.seen : undefined;
  if (writer === undefined) return '';
  const { clusterUuid } = await clusterIdentity(client);
  return writer === clusterUuid
    ? ' (it was last written by this very cluster)'
    : ` (it was last written by the cluster ${writer}; this one is ${clusterUuid})`;
}
