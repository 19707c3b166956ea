import { passed } from '../../domain/checks.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import { expectedIndices, type Marks } from '../../domain/recovery-points/expected-set.ts';
import { snapshotOf, type ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { takeMarks, takeMarksAfter } from '../../systems/elasticsearch/documents/marks.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { resolveIndices } from '../../systems/elasticsearch/indices.ts';
import { globalStateNames } from '../../systems/elasticsearch/restore/global-state.ts';
import { snapshotSizes } from '../../systems/elasticsearch/snapshots/await-snapshot.ts';
import { deleteSnapshot, snapshotIfThere } from '../../systems/elasticsearch/snapshots/snapshots.ts';
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
    const request = { repository, snapshot, indices: Object.keys(before), metadata };
    const ended = await takeInElasticsearch(client, request, watch);
    const [taken, after, identity, globalState] = await Promise.all([
      snapshotSizes(client, repository, ended),
      takeMarksAfter(client, before),
      clusterIdentity(client),
      globalStateNames(client),
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
      indices: expectedIndices(before, after),
      globalState,
    };
    await open.catalogue.putObject(recoveryPoint, expectedSetObject(name), encodeJson(expected));
    return {
      summary: `${snapshot}: ${expected.indices.length} indices, ${taken.shards} shards, ${taken.totalBytes} bytes (${taken.incrementalBytes} new)`,
      checks: [passed(`snapshot ${name}`, `${snapshot} is SUCCESS, ${taken.shards} of ${taken.shards} shards`)],
    };
  });
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
