import { hostTaskQueue } from '../config/environment.ts';
import { traceTargetOf } from '../config/trace-target.ts';
import { platformLoader } from '../config/platform-loader.ts';
import { assertUndisputed } from '../config/undisputed.ts';
import type { RecoveryPointId } from '../domain/recovery-points/recovery-point.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type {
  BackupInput,
  CheckInput,
  DrillInput,
  RebuildInput,
  RestoreInput,
  ScrubInput,
} from '../domain/runs/run.ts';
import { hostsOf } from '../domain/hosts.ts';
import { runPolicyOf } from '../domain/runs/run-policy.ts';
import { prepareBackup } from '../operations/backup/prepare-backup.ts';
import { prepareDrill } from '../operations/drill/prepare-drill.ts';
import type { Dependencies } from '../operations/open-platform.ts';
import { preparePrune } from '../operations/prune/prepare-prune.ts';
import {
  isDataMoved,
  prepareRollback,
  readQuarantine,
  releaseQuarantine,
} from '../operations/quarantine/quarantine.ts';
import { assessRollback } from '../operations/quarantine/preview-rollback.ts';
import { prepareRebuild } from '../operations/queue/prepare-rebuild.ts';
import { pinForRun } from '../operations/recovery-points/pins.ts';
import { besideAsked } from '../operations/restore/assess-beside.ts';
import { assessRestore } from '../operations/restore/assess-restore.ts';
import { markProven, writeReport } from '../operations/runs/write-report.ts';
import { prepareScrub } from '../operations/scrub/prepare-scrub.ts';
import { findGone } from '../operations/services/find-gone.ts';
import { exportTrace, type TraceCall } from '../operations/traces/export-trace.ts';
import { activity, onPlatform } from './activity.ts';
import { prepareCopy, releaseSource } from './copies.ts';
import { assertPolled } from './task-queue.ts';
import { currentRun, pointsInUse, runState } from './temporal-runs.ts';

/** What a run needs besides its steps: where to work, its plan, its report, and what a restore keeps afterwards. */
export function runActivities(dependencies: Dependencies) {
  const { environment } = dependencies;
  // Of a thousand platforms, each restore would else parse a thousand files.
  const load = platformLoader(environment.platformsFolder, environment.variables);
  return {
    /** Where the platform's work is done, and what its file says of approval and patience. */
    locate: onPlatform(dependencies, async ({ platform, host: here }) => {
      const host = platform.deployment.host ?? here;
      const { platformsFolder, variables } = environment;
      await assertUndisputed(platformsFolder, platform, { environment: variables, host: environment.host, load });
      const taskQueue = hostTaskQueue(environment.taskQueue, host);
      // This worker serves its own host's queue, too: that it answers is the proof.
      const others = hostsOf(platform, host).filter((each) => each !== environment.host);
      await assertPolled(others.map((each) => ({ host: each, taskQueue: hostTaskQueue(environment.taskQueue, each) })));
      return runPolicyOf(platform, { host, taskQueue, ...(traceTargetOf(variables) && { traced: true }) });
    }),

    /** The chosen point is pinned in the run's name until its report is written, so that no prune removes it meanwhile. */
    prepareRestore: onPlatform(dependencies, async (open, input: RestoreInput, watch) => {
      const { run } = currentRun();
      const onChosen = (id: RecoveryPointId) => pinForRun(open.catalogue, id, run);
      return assessRestore(open, input, { ...watch, beside: besideAsked(input, run), onChosen });
    }),

    /** The same with nothing changed: nothing is pinned either. */
    assess: onPlatform(dependencies, (open, input: CheckInput, watch) =>
      input.rollback === undefined ? assessRestore(open, input, watch) : assessRollback(open, input.rollback, watch),
    ),

    prepareBackup: onPlatform(dependencies, (open, { restored, startedBy }: BackupInput) =>
      prepareBackup(open, currentRun(), { restored, reason: startedBy?.reason }),
    ),

    prepareRebuild: onPlatform(dependencies, (open, input: RebuildInput) =>
      Promise.resolve(prepareRebuild(open, input)),
    ),

    preparePrune: onPlatform(dependencies, (open, _call: unknown, watch) =>
      preparePrune(open, { runState, pointsInUse: () => pointsInUse(open.platform.platform) }, watch),
    ),

    prepareDrill: onPlatform(dependencies, (open, { point, indices, keepHours }: DrillInput, watch) => {
      const { run } = currentRun();
      return prepareDrill(
        open,
        {
          run,
          ...(point !== undefined && { point }),
          ...(indices && { indices }),
          ...(keepHours !== undefined && { keepHours }),
        },
        {
          ...watch,
          onChosen: (id) => pinForRun(open.catalogue, id, run),
        },
      );
    }),

    prepareScrub: onPlatform(dependencies, (open, input: ScrubInput) => prepareScrub(open, input)),

    prepareCopy: prepareCopy(dependencies),
    releaseSource: releaseSource(dependencies),

    findGone: onPlatform(dependencies, findGone),
    isDataMoved: onPlatform(dependencies, isDataMoved),
    prepareRollback: onPlatform(dependencies, prepareRollback),
    readQuarantine: onPlatform(dependencies, readQuarantine),
    releaseQuarantine: onPlatform(dependencies, releaseQuarantine),

    writeReport: onPlatform(dependencies, (open, { report }: { report: RunProgress }) => writeReport(open, report)),

    exportTrace: activity((call: TraceCall) => exportTrace(environment.variables, call)),

    markProven: onPlatform(dependencies, (open, call: { run: string; recoveryPoint: RecoveryPointId }) =>
      markProven(open, call),
    ),
  };
}
