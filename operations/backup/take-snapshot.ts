import { passed, warned, type Check } from '../../domain/checks.ts';
import type { Client } from '@elastic/elasticsearch';
import { listed } from '../../domain/listed.ts';
import type { IndexName } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { expectedIndices, uncountedIndices, type Marks } from '../../domain/recovery-points/expected-set.ts';
import { describeFeatures } from '../../domain/recovery-points/features.ts';
import { hinderingClusterSettings } from '../../domain/recovery-points/hindering-settings.ts';
import { snapshotOf, type ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { clusterMetadata } from '../../systems/elasticsearch/cluster-metadata.ts';
import { streamsOf } from '../../systems/elasticsearch/data-streams.ts';
import { takeMarks, takeMarksAfter } from '../../systems/elasticsearch/documents/marks.ts';
import { userRealm } from '../../systems/elasticsearch/features.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { describeIndices, resolveIndices } from '../../systems/elasticsearch/indices.ts';
import { globalStateNames } from '../../systems/elasticsearch/restore/global-state.ts';
import { clusterSettings } from '../../systems/elasticsearch/restore/overrides.ts';
import { snapshotSizes } from '../../systems/elasticsearch/snapshots/await-snapshot.ts';
import {
  deleteSnapshot,
  snapshotIfThere,
  type SnapshotSummary,
} from '../../systems/elasticsearch/snapshots/snapshots.ts';
import { takeSnapshot as takeInElasticsearch } from '../../systems/elasticsearch/snapshots/take-snapshot.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { expectedSetObject } from '../recovery-points/read-point.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';

/**
 * Takes the snapshot and records the expected set. Repeated, it goes on with the snapshot that an earlier attempt
 * started: the marks taken before it are kept in the catalogue.
 */
export function takeSnapshot(open: OpenPlatform, call: StepCall<'takeSnapshot'>, watch: Watch): Promise<StepOutcome> {
  const { store: name, snapshot, recoveryPoint } = call.arguments;
  return withElasticsearchNamed(open, name, async (client, store) => {
    const repository = store.repository.name;
    const marksKey = `stores/${name}.before.json`;
    const kept = await open.catalogue.findObject(recoveryPoint, marksKey);
    const before = kept
      ? (decodeJson(kept) as Marks)
      : await takeMarks(client, await resolveIndices(client, store.indices), store.samplesPerIndex);
    if (!kept) await open.catalogue.putObject(recoveryPoint, marksKey, encodeJson(before));
    const metadata = { platform: call.platform, run: call.run, execution: call.execution, takenBy: 'rekindle' };
    const { featureStates } = store;
    const request = { repository, snapshot, indices: Object.keys(before), featureStates, metadata };
    const ended = await takeInElasticsearch(client, request, watch);
    const inSnapshot = new Set(ended.indices);
    // They come back with their feature state, and in no other way.
    const ofFeatures = new Set(ended.featureStates.flatMap(({ indices }) => indices));
    const held = {
      ...Object.fromEntries(
        Object.entries(before).filter(([index]) => inSnapshot.has(index) && !ofFeatures.has(index)),
      ),
      ...(await marksOfLate(
        client,
        ended.indices.filter((index) => !(index in before) && !ofFeatures.has(index)),
      )),
    };
    const deleted = Object.keys(before).filter((index) => !inSnapshot.has(index));
    const [taken, after, identity, globalState, dataStreams, leftOut, systemIndices, realm, settings] =
      await Promise.all([
        snapshotSizes(client, repository, ended),
        takeMarksAfter(client, held),
        clusterIdentity(client),
        globalStateNames(client),
        streamsOf(client, Object.keys(held)),
        featureStates === 'all' ? [] : systemIndicesWithout(client, ended),
        describeIndices(client, [...ofFeatures]),
        store.username === undefined ? undefined : userRealm(client),
        clusterSettings(client),
      ]);
    const expected: ExpectedSet = {
      version: 1,
      store: name,
      snapshot,
      repository,
      clusterUuid: identity.clusterUuid,
      elasticsearchVersion: identity.version,
      nodes: identity.nodes.length,
      ...taken,
      indices: expectedIndices(held, after),
      globalState,
      featureStates: ended.featureStates,
      systemIndices: systemIndices.map(({ name: index, primaries }) => ({ name: index, primaries })),
      ...(leftOut.length > 0 && { leftOut }),
      ...(dataStreams.length > 0 && { dataStreams }),
      ...(realm !== undefined && { userRealm: realm }),
      clusterSettings: hinderingClusterSettings(settings.persistent),
    };
    await open.catalogue.putObject(recoveryPoint, expectedSetObject(name), encodeJson(expected));
    const figures = `${taken.shards} shards, ${taken.totalBytes} bytes (${taken.incrementalBytes} new)`;
    const words = [
      `${snapshot}: ${expected.indices.length} indices, ${figures}`,
      describeFeatures({ featureStates: ended.featureStates.map((feature) => feature.name), leftOut }),
      ...(deleted.length > 0 ? [`deleted before it began: ${listed(deleted)}`] : []),
    ];
    return {
      summary: words.join('; '),
      checks: [
        passed(`snapshot ${name}`, `${snapshot} is SUCCESS, ${taken.shards} of ${taken.shards} shards`),
        ...checkCounts(expected),
      ],
    };
  });
}

/** Of indices that a data stream began after the marks were taken: the snapshot holds them, nobody counted them before it. */
async function marksOfLate(client: Client, late: readonly IndexName[]): Promise<Marks> {
  if (late.length === 0) return {};
  const marks = await takeMarks(client, late, 0);
  const uncounted = 'the index was created while the backup began';
  return Object.fromEntries(Object.entries(marks).map(([index, mark]) => [index, { ...mark, uncounted }]));
}

/** Elasticsearch's own indices that exist and are not in the snapshot, since the platform file wants so. */
async function systemIndicesWithout(client: Client, { indices }: SnapshotSummary): Promise<IndexName[]> {
  const held = new Set(indices);
  const described = Object.entries((await clusterMetadata(client)).indices);
  return described.flatMap(([name, { system }]) => (system && !held.has(name) ? [name] : [])).toSorted();
}

/** What could not be counted is in the snapshot all the same, but a restore cannot be compared with it. */
function checkCounts({ store, indices }: ExpectedSet): Check[] {
  const uncounted = uncountedIndices(indices);
  if (uncounted.length === 0) return [];
  return [
    warned(
      `counts ${store}`,
      `Count unknown of ${uncounted.length} indices, because ${listed(uncounted)}`,
      'Take the block off these indices if it is not needed, so that a restore can be compared with what they hold',
    ),
  ];
}

/** Removes the snapshot of a backup that did not finish, unless it belongs to a recovery point or to another run. */
export function discardSnapshot(open: OpenPlatform, call: StepCall<'discardSnapshot'>): Promise<StepOutcome> {
  const { store: name, snapshot } = call.arguments;
  return withElasticsearchNamed(open, name, async (client, store) => {
    // The manifest is the commit point: from then on the snapshot belongs to a recovery point, whatever failed later.
    const { points } = await open.catalogue.listPoints();
    if (points.some((point) => snapshotOf(point) === snapshot))
      return { summary: `${snapshot} belongs to a recovery point and stays` };
    const found = await snapshotIfThere(client, store.repository.name, snapshot);
    if (found?.metadata['run'] !== call.run) return { summary: `${snapshot} is missing or belongs to another run` };
    await deleteSnapshot(client, store.repository.name, snapshot);
    return { summary: `${snapshot} is removed: the backup did not finish` };
  });
}
