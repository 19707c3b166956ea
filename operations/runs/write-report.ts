import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import { outcomeOf } from '../../domain/runs/outcome.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { unpinRun } from '../recovery-points/pins.ts';

/** Keeps what a run did beside the backups, so that it can be read without Temporal. */
export async function writeReport({ catalogue }: OpenPlatform, report: RunProgress): Promise<void> {
  await catalogue.writeReport(report.run, report);
  const outcome = outcomeOf(report);
  if (outcome) await catalogue.recordOutcome(outcome);
  // However it ended: the recovery point that it chose need not be kept for it any longer.
  if (report.kind === 'restore') await unpinRun(catalogue, report.run);
}

/** Records that a restore of this recovery point passed. */
export async function markProven(
  { catalogue }: OpenPlatform,
  { run, recoveryPoint }: { run: string; recoveryPoint: RecoveryPointId },
): Promise<void> {
  await catalogue.mark(recoveryPoint, 'proven', { at: new Date().toISOString(), run });
}
