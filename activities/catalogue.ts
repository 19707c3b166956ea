import { outcomeOf } from '../domain/runs/outcome.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { RecoveryPointId } from '../domain/recovery-points/recovery-point.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies } from '../operations/open-platform.ts';
import { unpinRun } from '../operations/recovery-points/pins.ts';

/** What a run leaves behind for those who ask later, beside the backups and not only in Temporal. */
export function catalogueActivities(dependencies: Dependencies) {
  return {
    writeReport: activity(async ({ platform, report }: { platform: string; report: RunProgress }): Promise<void> => {
      const { catalogue } = await openPlatform(dependencies, platform);
      await catalogue.writeReport(report.run, report);
      const outcome = outcomeOf(report);
      if (outcome) await catalogue.recordOutcome(outcome);
      // However it ended: what it chose need not be kept for it any longer.
      if (report.kind === 'restore') await unpinRun(catalogue, report.run);
    }),

    markProven: activity(
      async ({
        platform,
        run,
        recoveryPoint,
      }: {
        platform: string;
        run: string;
        recoveryPoint: RecoveryPointId;
      }): Promise<void> => {
        const { catalogue } = await openPlatform(dependencies, platform);
        await catalogue.mark(recoveryPoint, 'proven', { at: new Date().toISOString(), run });
      },
    ),
  };
}
