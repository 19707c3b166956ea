import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { announcesOf } from '../domain/announcement.ts';
import { overallVerdict, type Check } from '../domain/checks.ts';
import type { Forecast } from '../domain/forecast.ts';
import { Failure } from '../domain/failures.ts';
import { canonicalJson, type Plan, type UnsealedPlan } from '../domain/plan.ts';
import { planBackup } from '../domain/plan-backup.ts';
import { planRebuild } from '../domain/plan-rebuild.ts';
import { planRestore, type RestoreSituation } from '../domain/plan-restore.ts';
import { storesOfKind } from '../domain/platform.ts';
import {
  recoveryPointId,
  snapshotNameOf,
  snapshotPrefix,
  type PointChoice,
  type RecoveryPointId,
} from '../domain/recovery-point.ts';
import type { BackupInput, RebuildInput, RestoreInput, RunPolicy, StepCall } from '../domain/run.ts';
import type { StepOutcome } from '../domain/steps.ts';
import { snapshotNames } from '../systems/elasticsearch/snapshots.ts';
import { hostTaskQueue } from '../config/environment.ts';
import type { Watch } from '../systems/watch.ts';
import { activity } from './activity.ts';
import { ChecksFailed } from './failures.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from './open-platform.ts';
import { forecastRestore } from './forecast.ts';
import { pinForRun } from './pins.ts';
import { preflight } from './preflight.ts';
import { assertPolled } from './task-queue.ts';
import { findCapture } from './find-capture.ts';
import { chooseManifest, readExpectedSet } from './recovery-points.ts';

/** A plan together with what preflight saw; no plan when none can be made. */
export interface Assessment {
  plan?: Plan;
  checks: Check[];
  forecast?: Forecast;
}

/**
 * Observation, choice, preflight and plan; also used without Temporal, by `restore --dry-run` and `check`. `again`: what
 * takes long and was proven before is left out.
 */
export async function assessRestore(
  open: OpenPlatform,
  input: RestoreInput,
  {
    again = false,
    onChosen,
    ...watch
  }: Watch & { again?: boolean; onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void> } = {},
): Promise<Assessment> {
  const situation = await observeForRestore(open, input, onChosen);
  const [checks, forecast] = await Promise.all([
    preflight(open, situation, { scratch: again ? 'never' : 'when dead', ...watch }),
    again ? undefined : forecastRestore(open, situation.manifest),
  ]);
  try {
    return { plan: seal(planRestore(situation)), checks, forecast };
  } catch (error) {
    // What makes planning impossible is a finding of preflight already; the checks say all of it at once.
    if (error instanceof Failure && overallVerdict(checks) !== 'pass') return { checks, forecast };
    throw error;
  }
}

async function observeForRestore(
  open: OpenPlatform,
  input: RestoreInput,
  onChosen?: (recoveryPoint: RecoveryPointId) => Promise<void>,
): Promise<RestoreSituation> {
  const { platform } = open;
  const observed = await open.docker.observe(platform.deployment, open.host);
  const { manifest, passedOver } = await chooseManifest(open, choiceOf(input));
  await onChosen?.(manifest.id);
  const { source, outline } = await findCapture(open, manifest, observed);
  const indices: RestoreSituation['indices'] = {};
  for (const { store } of manifest.stores) indices[store] = (await readExpectedSet(open, manifest.id, store)).indices;
  return {
    platform,
    platformFileHash: open.fileHash,
    manifest,
    indices,
    passedOver,
    capture: outline,
    captureSource: source,
    observed,
    volumes: input.volumes ?? platform.restore.volumes,
  };
}

/** Right before the first data is moved. The services are stopped by now, so the plan's hash says nothing any more. */
async function lastLook(open: OpenPlatform, input: RestoreInput, watch: Watch): Promise<StepOutcome> {
  const checks = await preflight(open, await observeForRestore(open, input), { scratch: 'never', ...watch });
  if (overallVerdict(checks) !== 'pass')
    throw new ChecksFailed(
      'preflight, repeated right before the point of no return, refuses',
      checks,
      'PreflightRefused',
    );
  return { summary: `${checks.length} checks passed once more, nothing is lost yet` };
}

/** Failure: InvalidArgument for a time that is none. */
export function choiceOf({ point, before }: Pick<RestoreInput, 'point' | 'before'>): PointChoice {
  if (before !== undefined) {
    const time = new Date(before);
    if (Number.isNaN(time.getTime()))
      throw new Failure('InvalidArgument', {
        message: `"${before}" is not a time`,
        remedy: 'write it as ISO 8601 in UTC, for instance 2026-11-21T09:30:00Z',
      });
    return { before: time.toISOString() };
  }
  if (point === undefined || point === 'latest') return { latest: true };
  return point === 'proven' ? { proven: true } : { id: point };
}

export function seal(plan: UnsealedPlan): Plan {
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}

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
      return seal(planRebuild({ platform, platformFileHash: fileHash, host, only, removeExtra }));
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
      return seal(planBackup({ platform, platformFileHash: fileHash, host, recoveryPoint, startedAt }));
    }),

    /** Once more: what was true at approval may not be true any more, neither at the first stop nor after the last. */
    repeatPreflight: activity(async (call: StepCall<'repeatPreflight'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const { recoveryPoint, volumes, platformIs } = call.arguments;
      const again = { platform: call.platform, point: recoveryPoint, volumes };
      if (platformIs === 'stopped') return lastLook(open, again, watch);
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
