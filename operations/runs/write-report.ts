import os from 'node:os';
import { readVersion } from '../../config/version.ts';
import type { RecoveryPointId } from '../../domain/recovery-points/recovery-point.ts';
import { findDeviations } from '../../domain/reports/deviations.ts';
import { isChained, reportFormat, type RunReport } from '../../domain/reports/run-report.ts';
import { outcomeOf } from '../../domain/runs/outcome.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { unpinRun } from '../recovery-points/pins.ts';
import { chainReport } from './chain-report.ts';

/**
 * Keeps what a run did beside the backups, so that it can be read without Temporal: its report, a link in the chain of
 * reports, and how it ended. May be repeated.
 */
export async function writeReport(open: OpenPlatform, progress: RunProgress): Promise<void> {
  const { catalogue, platform, fileHash } = open;
  const point = progress.recoveryPoint?.id;
  const manifestHash = point === undefined ? undefined : await catalogue.manifestDigest(point);
  const ended: RunReport = {
    format: reportFormat,
    ...progress,
    objectives: platform.objectives,
    platformFileHash: fileHash,
    ...(manifestHash !== undefined && { manifestHash }),
    writtenBy: { version: await readVersion(), node: process.versions.node, host: os.hostname() },
  };
  const report: RunReport = { ...ended, deviations: findDeviations(ended) };
  const digest = await catalogue.writeReport(report.run, report);
  if (isChained(report)) await chainReport(catalogue, report, digest);
  const outcome = outcomeOf(report);
  if (outcome) await catalogue.recordOutcome(outcome);
  // However it ended: the recovery point that it chose need not be kept for it any longer.
  if (report.kind === 'restore' || report.kind === 'drill') await unpinRun(catalogue, report.run);
}

/** Records that a restore of this recovery point passed. */
export async function markProven(
  { catalogue }: OpenPlatform,
  { run, recoveryPoint }: { run: string; recoveryPoint: RecoveryPointId },
): Promise<void> {
  await catalogue.mark(recoveryPoint, 'proven', { at: new Date().toISOString(), run });
}
