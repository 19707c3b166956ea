import { failureKinds, isFailureKind } from '../domain/failures.ts';
import type { RunProgress } from '../domain/runs/progress.ts';

/** What the command line ends with. docs/reference/exit-codes-and-failures.md shows this table; a test walks it. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  badInput: 2,
  refused: 3,
  waitsForPerson: 4,
  interrupted: 130,
} as const;

export function exitCodeOfFailure(kind: string): number {
  return isFailureKind(kind) ? failureKinds[kind].exitCode : exitCodes.failed;
}

export function exitCodeOfRun(progress: RunProgress): number {
  switch (progress.phase) {
    case 'passed':
    case 'released':
      return exitCodes.passed;
    case 'rolled back':
      // A rollback that was asked for and verified is done. As the end of a restore it means that the restore failed.
      return progress.kind === 'quarantine' && progress.verdict === 'pass' ? exitCodes.passed : exitCodes.failed;
    case 'skipped':
      return exitCodes.refused;
    case 'refused':
      return exitCodeOfFailure(progress.failure?.kind ?? 'PreflightRefused');
    case 'waiting for approval':
    case 'waiting for decision':
      return exitCodes.waitsForPerson;
    case 'failed':
    case 'cancelled':
    default:
      return exitCodes.failed;
  }
}
