import { Context } from '@temporalio/activity';
import { announcesOf } from '../domain/notifications/announcement.ts';
import { overallVerdict } from '../domain/checks.ts';
import { Failure } from '../domain/failures.ts';
import type { Plan } from '../domain/plans/plan.ts';
import { planBackup } from '../domain/plans/plan-backup.ts';
import { planRebuild } from '../domain/plans/plan-rebuild.ts';
import { storesOfKind } from '../domain/platform.ts';
import {
  recoveryPointId,
  snapshotNameOf,
  snapshotPrefix,
  type RecoveryPointId,
} from '../domain/recovery-points/recovery-point.ts';
import type { BackupInput, RebuildInput, RestoreInput, RunPolicy, StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { snapshotNames } from '../systems/elasticsearch/snapshots/snapshots.ts';
import { hostTaskQueue } from '../config/environment.ts';
import { activity } from './activity.ts';
import { assessRestore, finalPreflight, type Assessment } from '../operations/restore/assess-restore.ts';
import { ChecksFailed } from '../domain/checks-failed.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { pinForRun } from '../operations/recovery-points/pins.ts';
import { withHash } from '../operations/plan-hash.ts';
import { assertPolled } from './task-queue.ts';

/** Ids of this hour and the next that snapshots took which the catalogue does not know; a store that is away is told by its step. */
async function takenInRepositories(open: OpenPlatform, startedAt: string): Promise<RecoveryPointId[]> {
  const hours = [0, 3_600_000].map((later) => {
    const minute = recoveryPointId(new Date(Date.parse(startedAt) + later).toISOString(), new Set());
    return snapshotNameOf(minute).replace(/\d\dz$/, '*');
  });
  const names = storesOfKind(open.platform, 'elasticsearch').map(async (store) => {
    const client = await open.elasticsearch(store);
    try {
      return await snapshotNames(client, store.repository.name, hours.join(','));
    } finally {
      await client.close();
    }
  });
  const seen = await Promise.allSettled(names);
  return seen
    .flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    .map((name) => name.slice(snapshotPrefix.length));
}

export function planningActivities(dependencies: Dependencies) {
  const { environment } = dependencies;
  return {
    /** Where the platform's work is done and what its file says of approval and patience. */
    locate: activity(async ({ platform: name }: { platform: string }): Promise<RunPolicy> => {
      const { platform, host } = await openPlatform(dependencies, name);
      const taskQueue = hostTaskQueue(environment.taskQueue, host);
      // This worker serves its own host's queue, too: that it answers is the proof.
      if (host !== environment.host) await assertPolled(taskQueue, host);
      const longest = platform.stores.map((store) => {
        if (store.kind === 'elasticsearch') return Math.max(store.restoreTimeoutSeconds, store.snapshotTimeoutSeconds);
        return store.kind === 'container' ? store.timeoutSeconds : 3600;
      });
      const { approval, approvers, approvalsNeeded, approvalTimeoutSeconds, outageSeconds } = platform.restore;
      const { runningBackup, quarantineHours } = platform.restore;
      const announces = announcesOf(platform);
      return {
        host,
        taskQueue,
        approval,
        approvers,
        approvalsNeeded,
        approvalTimeoutSeconds,
        runningBackup,
        quarantineHours,
        outageSeconds,
        longestSeconds: Math.max(...longest),
        ...(announces && { announces }),
      };
    }),

    /** The chosen point is pinned in the run's name until its report is written: no prune takes it meanwhile. */
    prepareRestore: activity(async (input: RestoreInput, watch): Promise<Assessment> => {
      const open = await openPlatform(dependencies, input.platform);
      const run = Context.current().info.workflowExecution?.workflowId;
      const onChosen = async (id: RecoveryPointId) => {
        if (run !== undefined) await pinForRun(open.catalogue, id, run);
      };
      return assessRestore(open, input, { ...watch, onChosen });
    }),

    prepareRebuild: activity(async (input: RebuildInput): Promise<Plan> => {
      const { platform, fileHash, host } = await openPlatform(dependencies, input.platform);
      const { store: only, removeExtra } = input;
      return withHash(planRebuild({ platform, platformFileHash: fileHash, host, only, removeExtra }));
    }),

    prepareBackup: activity(async (input: Pick<BackupInput, 'platform'>): Promise<Plan> => {
      const open = await openPlatform(dependencies, input.platform);
      const { platform, fileHash, host, catalogue, identity } = open;
      // Before a snapshot is taken: without the key the deployment cannot be captured, and the snapshot would be in vain.
      await identity();
      const startedAt = new Date().toISOString();
      const taken = new Set(await takenInRepositories(open, startedAt));
      const { workflowId: run = '', runId: execution = '' } = Context.current().info.workflowExecution ?? {};
      const recoveryPoint = await catalogue.claim({ owner: { run, execution }, at: startedAt, taken });
      return withHash(planBackup({ platform, platformFileHash: fileHash, host, recoveryPoint, startedAt }));
    }),

    /** Once more: what was true at approval may not be true any more, neither at the first stop nor after the last. */
    repeatPreflight: activity(async (call: StepCall<'repeatPreflight'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { recoveryPoint, volumes, platformIs } = call.arguments;
      const again = { platform: call.platform, point: recoveryPoint, volumes };
      if (platformIs === 'stopped') return finalPreflight(open, again, watch);
      const { plan, checks } = await assessRestore(open, again, { again: true, ...watch });
      if (overallVerdict(checks) !== 'pass')
        throw new ChecksFailed('preflight, repeated right before the first stop, refuses', checks, 'PreflightRefused');
      // Only what was approved is carried out: names, volumes and the platform file must still be those of the plan.
      if (call.planHash !== undefined && plan?.hash !== call.planHash)
        throw new Failure('PlanStale', {
          message: `${call.platform} is not as it was when the plan was made: its hash would now be ${plan?.hash.slice(0, 12) ?? 'none'}, approved is ${call.planHash.slice(0, 12)}; nothing was stopped`,
          remedy: `start the restore again and approve the new plan; "rekindle restore ${call.platform} --dry-run" shows it`,
        });
      return { summary: `${checks.length} checks passed again, the plan is unchanged` };
    }),
  };
}
