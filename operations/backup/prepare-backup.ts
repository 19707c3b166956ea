import { isDeployed, storesOfKind } from '../../domain/platform.ts';
import { planBackup } from '../../domain/plans/plan-backup.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { PointOwner } from '../../domain/recovery-points/claims.ts';
import {
  recoveryPointId,
  snapshotNameOf,
  snapshotPrefix,
  type RecoveryPointId,
} from '../../domain/recovery-points/recovery-point.ts';
import type { BackupReason } from '../../domain/runs/started-by.ts';
import { snapshotNames } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import { otherHosts } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { basedOn, nextBases } from '../repository/bases.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';
import { withHash } from '../with-hash.ts';

/**
 * Claims a recovery point's id for the run and plans the backup; `restored`: what its run has restored; `reason`: why it is
 * taken. Failures: MissingKey; those of the storage.
 */
export async function prepareBackup(
  opened: OpenPlatform,
  owner: PointOwner,
  why: { restored?: RecoveryPointId | undefined; reason?: BackupReason | undefined } = {},
): Promise<Plan> {
  const { platform: asFiled, fileHash, host, catalogue, identity } = opened;
  // First of all: without the key the deployment cannot be captured, and the snapshot would be useless.
  if (isDeployed(asFiled)) await identity();
  // Only now it is known which nodes of a swarm take part.
  if (asFiled.deployment.kind === 'swarm') await opened.assertWorkers?.(otherHosts(opened));
  const open = basedOn(opened, await nextBases(opened));
  const { platform } = open;
  const startedAt = new Date().toISOString();
  const taken = new Set(await takenInRepositories(open, startedAt));
  const recoveryPoint = await catalogue.claim({ owner, at: startedAt, taken });
  return withHash(planBackup({ platform, platformFileHash: fileHash, host, recoveryPoint, startedAt, ...why }));
}

/**
 * What `backup --dry-run` shows: the plan of a backup that began now, with no id claimed; made without Temporal. Failures:
 * MissingKey; those of the storage.
 */
export async function previewBackup(opened: OpenPlatform): Promise<Plan> {
  const open = basedOn(opened, await nextBases(opened));
  const { platform, fileHash, host, catalogue, identity } = open;
  if (isDeployed(platform)) await identity();
  const startedAt = new Date().toISOString();
  const taken = [...(await catalogue.takenIds()), ...(await takenInRepositories(open, startedAt))];
  const recoveryPoint = recoveryPointId(startedAt, new Set(taken));
  return withHash(planBackup({ platform, platformFileHash: fileHash, host, recoveryPoint, startedAt }));
}

/**
 * Ids of this hour and the next that snapshots use, whether or not the catalogue knows them. A store that does not answer
 * is left out: its own step will report it.
 */
async function takenInRepositories(open: OpenPlatform, startedAt: string): Promise<RecoveryPointId[]> {
  const hours = [0, 3_600_000].map((later) => {
    const minute = recoveryPointId(new Date(Date.parse(startedAt) + later).toISOString(), new Set());
    return snapshotNameOf(minute).replace(/\d\dz$/, '*');
  });
  const names = storesOfKind(open.platform, 'elasticsearch').map((store) =>
    withElasticsearch(open, store, (client) => snapshotNames(client, store.repository.name, hours.join(','))),
  );
  return (await Promise.allSettled(names))
    .flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    .map((name) => name.slice(snapshotPrefix.length));
}
