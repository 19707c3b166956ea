import type { Client } from '@elastic/elasticsearch';
import { overallVerdict } from '../domain/checks.ts';
import type { ElasticsearchStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { Action, StepOutcome } from '../domain/plans/steps.ts';
import { checkExpectedSet } from '../systems/elasticsearch/restore/check-expected-set.ts';
import { awaitRestore } from '../systems/elasticsearch/restore/await-restore.ts';
import { closeIndices } from '../systems/elasticsearch/indices.ts';
import { forgetRestore } from '../systems/elasticsearch/restore/restore-marker.ts';
import { startRestore } from '../systems/elasticsearch/restore/restore.ts';
import { raiseThrottles, resetThrottles } from '../systems/elasticsearch/restore/throttles.ts';
import type { Watch } from '../domain/watch.ts';
import { activity } from './activity.ts';
import { ChecksFailed } from '../domain/checks-failed.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';
import { checkSnapshot, readExpectedSet } from '../operations/recovery-points/read-point.ts';
import { configureRepository } from '../operations/repository/configure-repository.ts';

type StoreAction = {
  [A in Action]: StepCall<A>['arguments'] extends { store: string } ? A : never;
}[Action];

interface Work<A extends Action> {
  open: OpenPlatform;
  store: ElasticsearchStore;
  client: Client;
  call: StepCall<A>;
  watch: Required<Watch>;
}

/** Elasticsearch: repository, restore and the proof that all of it is there. */
export function elasticsearchActivities(dependencies: Dependencies) {
  const onStore = <A extends StoreAction>(work: (on: Work<A>) => Promise<StepOutcome>) =>
    activity(async (call: StepCall<A>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { store: name } = call.arguments;
      const store = storeNamed(open.platform, 'elasticsearch', name);
      const client = await open.elasticsearch(store);
      try {
        return await work({ open, store, client, call, watch });
      } finally {
        await client.close();
      }
    });

  return {
    configureRepository: onStore<'configureRepository'>(async ({ open, store, client, call }) => ({
      summary: await configureRepository(open, store, client, call.arguments.access, {
        anew: call.arguments.anew,
        run: call.run,
      }),
    })),

    verifySnapshot: onStore<'verifySnapshot'>(async ({ open, store, client, call }) => {
      const expected = await readExpectedSet(open, call.arguments.recoveryPoint, store.name);
      const check = await checkSnapshot(client, expected);
      if (check.verdict !== 'pass') throw new ChecksFailed('the snapshot is not what the recovery point says', [check]);
      return { summary: check.evidence, checks: [check] };
    }),

    raiseThrottles: onStore<'raiseThrottles'>(async ({ client, call }) => {
      const before = await raiseThrottles(client, call.arguments.bytesPerSecond);
      const was = before['indices.recovery.max_bytes_per_sec'];
      return { summary: `recovery throttle at ${call.arguments.bytesPerSecond}, before: ${was ?? 'not set'}` };
    }),

    resetThrottles: onStore<'resetThrottles'>(async ({ client }) => {
      const before = await resetThrottles(client);
      const was = before?.['indices.recovery.max_bytes_per_sec'] ?? 'not set';
      return {
        summary: before ? `recovery throttle as it was: ${was}` : 'no throttle was raised, none was changed',
      };
    }),

    restoreIndices: onStore<'restoreIndices'>(async ({ store, client, call, watch }) => {
      const { snapshot, indices, closed, globalState } = call.arguments;
      const repository = store.repository.name;
      await startRestore(client, { repository, snapshot, indices, globalState });
      const { bytes, shards } = await awaitRestore(client, { repository, snapshot, indices }, watch);
      await closeIndices(client, closed);
      return { summary: `${indices.length} indices, ${shards} shards, ${bytes} bytes` };
    }),

    verifyIndices: onStore<'verifyIndices'>(async ({ open, store, client, call, watch }) => {
      const expected = await readExpectedSet(open, call.arguments.recoveryPoint, store.name);
      const checks = await checkExpectedSet(client, expected, watch);
      if (overallVerdict(checks) !== 'pass') throw new ChecksFailed(`${store.name} is not what was backed up`, checks);
      // What it remembers of the restore served a restore that was cut off; from now on the indices are the platform's own.
      await forgetRestore(client);
      const documents = expected.indices.reduce((sum, { documents: count }) => sum + (count?.atLeast ?? 0), 0);
      const counted = expected.indices.every(({ documents: count }) => count !== undefined);
      return {
        summary: counted
          ? `${expected.indices.length} indices, at least ${documents} documents, all as backed up`
          : `${expected.indices.length} indices with all their shards; how many documents they held is not known`,
        checks,
      };
    }),
  };
}
