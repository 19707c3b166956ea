import { runningRules } from '../../domain/queue/rules.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { updateDocuments, type DocumentVersion } from '../../systems/elasticsearch/documents/update-documents.ts';
import type { Watch } from '../../domain/watch.ts';
import { foldersOf } from '../../systems/zookeeper/queue-place.ts';
import { takenValues } from '../../systems/zookeeper/read-queue.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from '../stores/store-named.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';
import { withSession } from './queue-session.ts';
import { placeDocuments } from './read-jobs.ts';

/** Marks the jobs that ran at the time of the backup as failed, except those that a consumer is working on now. */
export async function failRunningJobs(
  open: OpenPlatform,
  call: StepCall<'failRunningJobs'>,
  watch: Watch,
): Promise<StepOutcome> {
  const store = storeNamed(open.platform, 'zookeeper-queue', call.arguments.store);
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
  const taken = await withSession(open, store, watch, (session) => takenValues(session, foldersOf(store), watch));
  const lost = running.filter(({ value }) => !taken.has(value));
  return withElasticsearchNamed(open, store.from.store, async (client) => {
    const versions = lost.map(({ version }) => version);
    const { updated, changed } = await updateDocuments(client, versions, store.failedFields);
    const kept = running.length - lost.length + changed;
    return {
      summary: `${updated} running jobs marked as failed${kept > 0 ? `, ${kept} left to the consumers that work on them` : ''}`,
    };
  });
}
