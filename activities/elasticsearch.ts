import type { Client } from '@elastic/elasticsearch';
import { overallVerdict } from '../domain/checks.ts';
import type { ElasticsearchStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/run.ts';
import type { Action, StepOutcome } from '../domain/steps.ts';
import { checkExpectedSet } from '../systems/elasticsearch/expected-set.ts';
import { awaitRestore } from '../systems/elasticsearch/await-restore.ts';
import { closeIndices } from '../systems/elasticsearch/indices.ts';
import { startRestore } from '../systems/elasticsearch/restore.ts';
import { raiseThrottles, resetThrottles } from '../systems/elasticsearch/throttles.ts';
import type { Watch } from '../systems/watch.ts';
import { activity } from './activity.ts';
import { ChecksFailed } from './failures.ts';
import { openPlatform, storeNamed, type Dependencies, type OpenPlatform } from './open-platform.ts';
import { checkSnapshot, readExpectedSet } from './recovery-points.ts';
import { configureRepository } from './repository.ts';

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
      summary: await configureRepository(open, store, client, call.arguments.access, { anew: call.arguments.anew }),
    })),

    verifySnapshot: onStore<'verifySnapshot'>(async ({ open, store, client, call }) => {
      const expected = await readExpectedSet(open, call.arguments.recoveryPoint, store.name);
      const check = await checkSnapshot(client, expected);
      if (check.verdict !== 'pass') throw new ChecksFailed('the snapshot is not what the recovery point says', [check]);
      return { summary: check.evidence, checks: [check] };
    }),

    raiseThrottles: onStore<'raiseThrottles'>(async ({ client, call }) => {
      await raiseThrottles(client, call.arguments.bytesPerSecond);
      return { summary: `recovery throttle at ${call.arguments.bytesPerSecond}` };
    }),

    resetThrottles: onStore<'resetThrottles'>(async ({ client }) => {
      await resetThrottles(client);
      return { summary: 'recovery throttle as it was' };
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
      const documents = expected.indices.reduce((sum, { documents: { atLeast } }) => sum + atLeast, 0);
      return {
        summary: `${expected.indices.length} indices, at least ${documents} documents, all as backed up`,
        checks,
      };
    }),
  };
}
