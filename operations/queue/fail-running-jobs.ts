import { runningRules } from '../../domain/queue/rules.ts';
import type { ZookeeperQueueStore } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { updateDocuments, type DocumentVersion } from '../../systems/elasticsearch/documents/update-documents.ts';
import type { Watch } from '../../domain/watch.ts';
import { foldersOf } from '../../systems/zookeeper/queue-place.ts';
import { takenValues } from '../../systems/zookeeper/read-queue.ts';
import type { ZookeeperSession } from '../../systems/zookeeper/requests.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from '../store-named.ts';
import { placeDocuments } from './read-jobs.ts';

/** Marks the jobs that ran at the time of the backup as failed; not those that a consumer works on now. */
export async function failRunningJobs(
  open: OpenPlatform,
  session: ZookeeperSession,
  store: ZookeeperQueueStore,
  watch: Watch,
): Promise<StepOutcome> {
  const running: { value: string; version: DocumentVersion }[] = [];
  await placeDocuments(
    open,
    store,
    watch,
    ({ version }, placed) => {
      if ('leftOutBy' in placed && placed.leftOutBy === runningRules.fail && placed.value !== undefined && version)
        running.push({ value: placed.value, version });
    },
    { versions: true },
  );
  const worked = await takenValues(session, foldersOf(store), watch);
  const lost = running.filter(({ value }) => !worked.has(value));
  const client = await open.elasticsearch(storeNamed(open.platform, 'elasticsearch', store.from.store));
  try {
    const versions = lost.map(({ version }) => version);
    const { updated, changed } = await updateDocuments(client, versions, store.failedFields);
    const kept = running.length - lost.length + changed;
    return { summary: `${updated} running jobs marked as failed${kept > 0 ? `, ${kept} are worked on` : ''}` };
  } finally {
    await client.close();
  }
}
