import { Context } from '@temporalio/activity';
import type { Action, StepOutcome } from '../domain/plans/steps.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { Watch } from '../domain/watch.ts';
import { captureDeployment } from '../operations/backup/capture-deployment.ts';
import { clearUnfinished } from '../operations/backup/clear-unfinished.ts';
import { readCapture } from '../operations/recovery-points/read-point.ts';
import { keepScene } from '../operations/drill/keep-scene.ts';
import { openScene } from '../operations/drill/open-scene.ts';
import { leaveScene } from '../operations/drill/leave-scene.ts';
import { closeScene, proveUntouched, recordEngine, removeDrillLeftovers } from '../operations/drill/scene-steps.ts';
import { prepareStore } from '../operations/backup/prepare-store.ts';
import { runHook } from '../operations/backup/run-hook.ts';
import { publishRecoveryPoint } from '../operations/backup/publish-recovery-point.ts';
import { discardSnapshot, takeSnapshot } from '../operations/backup/take-snapshot.ts';
import { verifyBackup } from '../operations/backup/verify-backup.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { deleteSnapshots, markDeleting, removePoints } from '../operations/prune/delete-points.ts';
import { removeRunObjects } from '../operations/prune/run-objects.ts';
import { compareEngines } from '../operations/hosts/inventories.ts';
import { forgetDeployment, quarantineOf, recordDeployment } from '../operations/quarantine/recorded-deployment.ts';
import { adoptVolume, quarantineVolume, returnVolume } from '../operations/quarantine/volumes.ts';
import { failRunningJobs } from '../operations/queue/fail-running-jobs.ts';
import { rebuildQueue } from '../operations/queue/rebuild-queue.ts';
import { verifyQueue } from '../operations/queue/verify-queue.ts';
import { configureRepository } from '../operations/repository/configure-repository.ts';
import { noteWriter } from '../operations/repository/writers.ts';
import { repeatPreflight } from '../operations/restore/repeat-preflight.ts';
import {
  raiseThrottles,
  resetThrottles,
  restoreIndices,
  verifyIndices,
  verifySnapshot,
} from '../operations/restore/restore-store.ts';
import { scrubStore } from '../operations/scrub/scrub-store.ts';
import {
  confirmHealth,
  createNetwork,
  createVolume,
  removeContainers,
  removeVolume,
  startService,
  stopService,
} from '../operations/services/containers.ts';
import { fence } from '../operations/services/fence.ts';
import { smokeCheck } from '../operations/smoke/smoke-check.ts';
import { awaitStore } from '../operations/stores/await-store.ts';
import { endBootstrap } from '../operations/stores/bootstrap.ts';
import { runContainer } from '../operations/stores/run-container.ts';
import { scrubParts } from '../operations/streams/scrub-parts.ts';
import * as streamed from '../operations/streams/store-steps.ts';
import { withElasticsearchNamed } from '../operations/stores/with-elasticsearch.ts';
import { activity, onPlatform } from './activity.ts';
import { copySteps } from './copies.ts';
import { temporalActivities } from './locks-and-schedules.ts';
import { runState } from './temporal-runs.ts';

/** One activity per action; `takeBackup` is a child workflow instead. The compiler names the one that is missing. */
type StepActivities = { [A in Exclude<Action, 'takeBackup'>]: (call: StepCall<A>) => Promise<StepOutcome> };

export function stepActivities(dependencies: Dependencies): StepActivities {
  /** On the opened platform. */
  const step = <Call>(operation: (open: OpenPlatform, call: Call, watch: Required<Watch>) => Promise<StepOutcome>) =>
    onPlatform(dependencies, counted(operation));
  /** On the engine alone: it works without the platform file. */
  const onEngine = <Call>(
    operation: (dependencies: Dependencies, call: Call, watch: Required<Watch>) => Promise<StepOutcome>,
  ) => activity((call: Call, watch) => counted(operation)(dependencies, call, watch));

  return {
    pauseSchedules: temporalActivities.pauseSchedules,
    resumeSchedules: temporalActivities.resumeSchedules,
    repeatPreflight: step(repeatPreflight),
    recordDeployment: step(recordDeployment),
    forgetDeployment: step(forgetDeployment),
    stopService: onEngine(stopService),
    startService: onEngine(startService),
    fence: onEngine(fence),
    removeContainers: onEngine(removeContainers),
    createNetwork: onEngine(createNetwork),
    createVolume: onEngine(createVolume),
    removeVolume: onEngine(removeVolume),
    quarantineVolume: onEngine(quarantineVolume),
    returnVolume: onEngine(returnVolume),
    adoptVolume: onEngine(adoptVolume),
    awaitStore: step(awaitStore),
    endBootstrap: onEngine(endBootstrap),
    configureRepository: step(
      (open, { run, arguments: { store: name, access, anew } }: StepCall<'configureRepository'>) =>
        withElasticsearchNamed(open, name, async (client, store) => {
          const summary = await configureRepository(open, store, client, access, { anew, run });
          return { summary: access === 'writable' ? `${summary}${await noteWriter(open, client, run)}` : summary };
        }),
    ),
    verifySnapshot: step(verifySnapshot),
    raiseThrottles: step(raiseThrottles),
    resetThrottles: step(resetThrottles),
    restoreIndices: step(restoreIndices),
    verifyIndices: step(verifyIndices),
    prepareStore: step(prepareStore),
    takeSnapshot: step(takeSnapshot),
    verifyBackup: step(verifyBackup),
    discardSnapshot: step(discardSnapshot),
    runHook: step(runHook),
    checkStore: step(streamed.check),
    backUpStore: step(streamed.backUp),
    discardParts: step(streamed.discardParts),
    verifyParts: step(streamed.verify),
    restoreParts: step(streamed.restore),
    compareStore: step(streamed.compare),
    putBackParts: step(streamed.putBackParts),
    releaseParts: step(streamed.releaseParts),
    failRunningJobs: step(failRunningJobs),
    rebuildQueue: step(rebuildQueue),
    verifyQueue: step(verifyQueue),
    runContainer: step(runContainer),
    captureDeployment: step(captureDeployment),
    publishRecoveryPoint: step(publishRecoveryPoint),
    clearUnfinished: activity(({ platform, arguments: args }: StepCall<'clearUnfinished'>, watch) =>
      clearUnfinished(() => openPlatform(dependencies, platform), args, runState, watch),
    ),
    markDeleting: step(markDeleting),
    deleteSnapshots: step(deleteSnapshots),
    removePoints: step(removePoints),
    removeRunObjects: step(removeRunObjects),
    scrubStore: step(scrubStore),
    scrubParts: step(scrubParts),
    removeDrillLeftovers: step((open, call: StepCall<'removeDrillLeftovers'>, watch) =>
      removeDrillLeftovers(open, call, runState, watch),
    ),
    recordEngine: step(recordEngine),
    openScene: onEngine(async (engine, call: StepCall<'openScene'>, watch) => {
      const open = await openPlatform(engine, call.platform);
      return openScene({ open, capture: await readCapture(open, call.arguments.capture) }, call, watch);
    }),
    leaveScene: step(leaveScene),
    keepScene: step(keepScene),
    closeScene: onEngine(closeScene),
    // It looks at the living platform, from outside of the scene.
    proveUntouched: onEngine(async (engine, call: StepCall<'proveUntouched'>) =>
      proveUntouched(await openPlatform(engine, call.platform), call),
    ),
    confirmHealth: onEngine(confirmHealth),
    compareEngines: step((open, call: StepCall<'compareEngines'>, watch) =>
      compareEngines(open, quarantineOf(call), call, watch),
    ),
    smokeCheck: step(smokeCheck),
    ...copySteps(dependencies, counted),
  };
}

/** With the number of the attempt that did it: Temporal tells it to the activity alone. */
function counted<Input extends unknown[]>(
  work: (...input: Input) => Promise<StepOutcome>,
): (...input: Input) => Promise<StepOutcome> {
  return async (...input) => {
    const outcome = await work(...input);
    const { attempt } = Context.current().info;
    return attempt > 1 ? { ...outcome, attempt } : outcome;
  };
}
