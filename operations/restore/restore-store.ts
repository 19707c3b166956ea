import { overallVerdict, summedUp } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { expectedOfShare } from '../../domain/drills/share.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { isCounted, leastDocuments } from '../../domain/recovery-points/expected-set.ts';
import { chosenFeatures } from '../../domain/recovery-points/features.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { closeIndices } from '../../systems/elasticsearch/indices.ts';
import { checkDataStreams, checkFeatureStates } from '../../systems/elasticsearch/restore/check-kept-together.ts';
import { awaitRestore } from '../../systems/elasticsearch/restore/await-restore.ts';
import { checkExpectedSet } from '../../systems/elasticsearch/restore/check-expected-set.ts';
import { putBackSettings, type SettingsOf } from '../../systems/elasticsearch/restore/index-settings.ts';
import { forgetRestore } from '../../systems/elasticsearch/restore/restore-marker.ts';
import { startRestore } from '../../systems/elasticsearch/restore/restore.ts';
import * as throttles from '../../systems/elasticsearch/restore/throttles.ts';
import { encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { quarantineOf } from '../quarantine/recorded-deployment.ts';
import { checkSnapshot, readExpectedSet } from '../recovery-points/read-point.ts';
import { checkNodes } from '../stores/check-nodes.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';

// One Elasticsearch in a restore: the snapshot is complete, its indices come back, and everything is present afterwards.

export function verifySnapshot(open: OpenPlatform, call: StepCall<'verifySnapshot'>): Promise<StepOutcome> {
  return withElasticsearchNamed(open, call.arguments.store, async (client, store) => {
    const expected = await readExpectedSet(open, call.arguments.recoveryPoint, store.name);
    // In a drill, the repository that the backup went to is registered under another name.
    const check = await checkSnapshot(client, { ...expected, repository: store.repository.name });
    if (check.verdict !== 'pass') throw new ChecksFailed('The snapshot does not match the recovery point', [check]);
    return { summary: check.evidence, checks: [check] };
  });
}

const limitOf = (settings: Record<string, string | null> | undefined) =>
  settings?.['indices.recovery.max_bytes_per_sec'] ?? 'not set';

export function raiseThrottles(open: OpenPlatform, call: StepCall<'raiseThrottles'>): Promise<StepOutcome> {
  const { store: name, bytesPerSecond } = call.arguments;
  return withElasticsearchNamed(open, name, async (client) => {
    const before = await throttles.raiseThrottles(client, bytesPerSecond);
    return { summary: `Recovery throttle at ${bytesPerSecond}, before: ${limitOf(before)}` };
  });
}

export function resetThrottles(open: OpenPlatform, call: StepCall<'resetThrottles'>): Promise<StepOutcome> {
  return withElasticsearchNamed(open, call.arguments.store, async (client) => {
    const before = await throttles.resetThrottles(client);
    return {
      summary: before
        ? `Recovery throttle as it was: ${limitOf(before)}`
        : 'No throttle had been raised, so none was changed',
    };
  });
}

export function restoreIndices(
  open: OpenPlatform,
  call: StepCall<'restoreIndices'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { store: name, recoveryPoint, snapshot, globalState, featureStates } = call.arguments;
  return withElasticsearchNamed(open, name, async (client, store) => {
    const repository = store.repository.name;
    const expected = withinShare(await readExpectedSet(open, recoveryPoint, name), call);
    const indices = expected.indices.map((index) => index.name);
    const settings = settingsOf(expected);
    const request = {
      repository,
      snapshot,
      indices,
      features: byName(chosenFeatures(featureStates, expected.featureStates ?? [])),
    };
    const { leftOut } = await startRestore(client, {
      ...request,
      globalState,
      streams: byName(expected.dataStreams ?? []),
      settings,
      clusterSettings: expected.clusterSettings,
    });
    const { bytes, shards } = await awaitRestore(client, request, watch);
    // A restore opens all.
    await closeIndices(
      client,
      expected.indices.filter(({ state }) => state === 'closed').map((index) => index.name),
    );
    const putBack = await putBackSettings(client, leftOut);
    const words = [
      `${indices.length} indices, ${shards} shards, ${bytes} bytes`,
      ...(featureStates.length > 0 ? [`feature states ${featureStates.join(', ')}`] : []),
      ...(putBack > 0 ? [`settings put back that would have hindered it, of ${putBack} indices`] : []),
    ];
    return { summary: words.join('; ') };
  });
}

/** A drill may restore only some of the indices. */
const withinShare = (expected: ExpectedSet, { scene }: Pick<StepCall<'restoreIndices'>, 'scene'>): ExpectedSet =>
  scene?.share ? expectedOfShare(expected, scene.share) : expected;

const byName = (named: readonly { name: string; indices: IndexName[] }[]): Record<string, IndexName[]> =>
  Object.fromEntries(named.map(({ name, indices }) => [name, indices]));

const settingsOf = ({ indices }: ExpectedSet): SettingsOf =>
  Object.fromEntries(indices.flatMap(({ name, settings }) => (settings ? [[name, settings]] : [])));

export function verifyIndices(open: OpenPlatform, call: StepCall<'verifyIndices'>, watch: Watch): Promise<StepOutcome> {
  return withElasticsearchNamed(open, call.arguments.store, async (client, store) => {
    const expected = withinShare(await readExpectedSet(open, call.arguments.recoveryPoint, store.name), call);
    const features = chosenFeatures(store.featureStates, expected.featureStates ?? []);
    const all = [
      await checkNodes(open, store, client, call.arguments.nodes),
      ...(await checkExpectedSet(client, expected, watch)),
      ...(await checkDataStreams(client, expected)),
      ...(await checkFeatureStates(client, features)),
    ];
    const { checks, summed } = summedUp(all, 'index ', 'indices');
    if (summed) await open.catalogue.putRunObject(quarantineOf(call), `verify-${store.name}.json`, encodeJson(all));
    if (overallVerdict(checks) !== 'pass')
      throw new ChecksFailed(`${store.name} does not match what was backed up`, checks);
    // The marker only lets an interrupted restore go on; from now on the indices are the platform's own.
    await forgetRestore(client);
    const { indices } = expected;
    return {
      summary: isCounted(indices)
        ? `${indices.length} indices, at least ${leastDocuments(indices)} documents, all as backed up`
        : `${indices.length} indices with all their shards; how many documents they held is not known`,
      checks,
    };
  });
}
