import pLimit from 'p-limit';
import { failed, passed, type Check } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { storesOfKind, type ElasticsearchStore } from '../../domain/platform.ts';
import {
  isGood,
  type RecoveryPointId,
  type RecoveryPointManifest,
  type RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import { decideRetention } from '../../domain/recovery-points/retention.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import {
  deleteSnapshots as deleteFromRepository,
  snapshotOrigins,
  type SnapshotOrigin,
} from '../../systems/elasticsearch/snapshots/delete-snapshots.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { basedOn } from '../repository/bases.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';
import { storeNamed } from '../stores/store-named.ts';

const atOnce = 16;

/**
 * The marker that says "being deleted", on what no rule keeps now: retention is decided once more, and what somebody
 * pinned in the same moment loses its marker again. Failure: RepositoryRefused when another cluster took over.
 */
export async function markDeleting(
  open: OpenPlatform,
  { run, arguments: { recoveryPoints } }: Pick<StepCall<'markDeleting'>, 'run' | 'arguments'>,
): Promise<StepOutcome> {
  const { catalogue, platform } = open;
  const { points } = await catalogue.listPoints();
  const begun = new Set(points.filter(({ deleting }) => deleting).map(({ id }) => id));
  const decided = decideRetention(points, platform.backup.retention, {
    now: new Date().toISOString(),
    running: new Set(),
  });
  const wanted = new Set(recoveryPoints);
  const fresh = decided.filter(({ id, keep }) => wanted.has(id) && !keep && !begun.has(id)).map(({ id }) => id);
  if (fresh.length > 0) await assertOwnRepositories(open, points);
  const limit = pLimit(atOnce);
  const at = new Date().toISOString();
  await Promise.all(fresh.map((id) => limit(() => catalogue.mark(id, 'deleting', { at, run }))));
  const after = new Map((await catalogue.listPoints(fresh)).points.map((point) => [point.id, point]));
  const pinned = fresh.filter((id) => after.get(id)?.pinned === true);
  for (const id of pinned) await catalogue.unmark(id, 'deleting', { run });
  const marked = fresh.length - pinned.length;
  const again = recoveryPoints.filter((id) => begun.has(id)).length;
  const kept = recoveryPoints.length - marked - again;
  return {
    summary: [
      `${marked} marked`,
      ...(again > 0 ? [`${again} were marked before`] : []),
      ...(kept > 0 ? [`${kept} stay: pinned or kept by a rule meanwhile, or gone`] : []),
    ].join(', '),
  };
}

/** The snapshots of marked points. Whatever is not marked, or is not the snapshot that its manifest means, stays. */
export async function deleteSnapshots(
  opened: OpenPlatform,
  { arguments: { store: name, base, snapshots } }: Pick<StepCall<'deleteSnapshots'>, 'arguments'>,
  watch: Watch = {},
): Promise<StepOutcome> {
  const open = base === undefined ? opened : basedOn(opened, { [name]: base });
  const { catalogue, platform } = open;
  const store = storeNamed(platform, 'elasticsearch', name);
  const repository = store.repository.name;
  const { points } = await catalogue.listPoints(Object.keys(snapshots));
  const marked = points.filter(({ deleting }) => deleting);
  const wanted = marked.flatMap(({ id }) => snapshots[id] ?? []);
  const origins = await withElasticsearch(open, store, (client) => snapshotOrigins(client, repository, wanted));
  const limit = pLimit(atOnce);
  const fates = await Promise.all(
    marked.map((point) =>
      limit(async () => ({ point, ...(await fateOf(open, store, point, snapshots[point.id] ?? '', origins)) })),
    ),
  );
  for (const { point, fate } of fates)
    if (fate === 'pinned' || fate === 'another') await catalogue.unmark(point.id, 'deleting');
  const toDelete = fates.filter(({ fate }) => fate === 'delete').map(({ snapshot }) => snapshot);
  const timeoutSeconds = store.snapshotTimeoutSeconds;
  await withElasticsearch(open, store, (client) =>
    deleteFromRepository(client, { repository, snapshots: toDelete, timeoutSeconds }, watch),
  );
  const count = (counted: Fate) => fates.filter(({ fate }) => fate === counted).length;
  const others = fates.filter(({ fate }) => fate === 'another').map(({ snapshot }) => snapshot);
  return {
    summary: [
      `${toDelete.length} deleted from ${repository}`,
      ...(count('gone') > 0 ? [`${count('gone')} were gone`] : []),
      ...(count('pinned') > 0 ? [`${count('pinned')} stay, pinned meanwhile`] : []),
      ...(others.length > 0 ? [`${others.length} stay: others took them`] : []),
    ].join(', '),
    ...(others.length > 0 && { checks: [notOurs(name, repository, others)] }),
  };
}

type Fate = 'delete' | 'gone' | 'pinned' | 'another';

async function fateOf(
  { catalogue }: OpenPlatform,
  { name }: ElasticsearchStore,
  { id, pinned }: RecoveryPointSummary,
  snapshot: string,
  origins: ReadonlyMap<string, SnapshotOrigin>,
): Promise<{ snapshot: string; fate: Fate }> {
  const origin = origins.get(snapshot);
  if (!origin) return { snapshot, fate: 'gone' };
  // It was pinned, and nothing of it is lost yet.
  if (pinned) return { snapshot, fate: 'pinned' };
  const manifest = await catalogue.readManifest(id);
  const named = manifest.stores.some((artefact) => artefact.store === name && artefact.snapshot === snapshot);
  return { snapshot, fate: named && isOf(manifest, origin) ? 'delete' : 'another' };
}

/** Taken by the point's own run, or, when others took it and it was adopted, at the very time that the manifest tells. */
function isOf({ run, startedAt }: RecoveryPointManifest, origin: SnapshotOrigin): boolean {
  return origin.run === run || Date.parse(origin.startTime) === Date.parse(startedAt);
}

function notOurs(store: string, repository: string, snapshots: readonly string[]): Check {
  return failed(
    `snapshots ${store}`,
    `${snapshots.join(', ')} in ${repository}: neither run nor start time are those of the recovery point of that name; left alone`,
    'Check that the platform file names the repository that the recovery points were taken into',
  );
}

/** Removes the objects of marked points, the marker last; then checks that they are gone. */
export async function removePoints(
  { catalogue }: Pick<OpenPlatform, 'catalogue'>,
  { arguments: { recoveryPoints } }: Pick<StepCall<'removePoints'>, 'arguments'>,
): Promise<StepOutcome> {
  const marked = await markedAmong(catalogue, recoveryPoints);
  const limit = pLimit(atOnce);
  await Promise.all(marked.map((id) => limit(() => catalogue.removePoint(id))));
  const left = await markedAmong(catalogue, recoveryPoints);
  const check =
    left.length === 0
      ? passed('recovery points', `${marked.length} removed, none of them is left in the catalogue`)
      : failed(
          'recovery points',
          `Still present: ${left.join(', ')}`,
          'Prune again, and find out who else writes to the catalogue',
        );
  const kept = recoveryPoints.length - marked.length;
  return {
    summary: `${marked.length} removed${kept > 0 ? `, ${kept} stay or were gone` : ''}`,
    checks: [check],
  };
}

async function markedAmong(
  catalogue: OpenPlatform['catalogue'],
  wanted: readonly RecoveryPointId[],
): Promise<RecoveryPointId[]> {
  const { points, halfRemoved = [] } = await catalogue.listPoints(wanted);
  return [...points.filter(({ deleting }) => deleting).map(({ id }) => id), ...halfRemoved];
}

/**
 * Two clusters that write to one repository corrupt it, and a deletion writes. The cluster that took the newest recovery
 * point is the one that writes.
 */
async function assertOwnRepositories(open: OpenPlatform, points: readonly RecoveryPointSummary[]): Promise<void> {
  const newest = points.find(isGood);
  if (!newest) return;
  const manifest = await open.catalogue.readManifest(newest.id);
  for (const store of storesOfKind(open.platform, 'elasticsearch')) {
    const taker = manifest.stores.find((artefact) => artefact.store === store.name)?.clusterUuid;
    if (taker === undefined) continue;
    const { clusterUuid } = await withElasticsearch(open, store, clusterIdentity);
    if (clusterUuid !== taker)
      throw new Failure('RepositoryRefused', {
        message: `The newest recovery point ${newest.id} was taken by the cluster ${taker}, but ${store.name} is ${clusterUuid}: two clusters must not write to the repository ${store.repository.name}; nothing was deleted`,
        remedy: `If this cluster is the platform's own, take a backup with it ("rekindle backup ${open.platform.platform}"), then prune again`,
      });
  }
}
