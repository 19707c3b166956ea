import { endedBadly, previousBackup, type RunEnd } from '../../domain/notifications/announcement.ts';
import type { RunOutcome } from '../../domain/runs/outcome.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';

export type FailedBackup = Pick<RunOutcome, 'run' | 'finishedAt' | 'failure'>;

/** Asks Temporal for a backup that failed before `end` began, and after `since`. */
export type FailedBackups = (
  platform: string,
  end: RunEnd,
  since: string | undefined,
) => Promise<FailedBackup | undefined>;

/** How far back outcomes are listed, step by step: the first step mostly suffices, and a list of years is long. */
const windowsInDays = [2, 60, undefined];

/**
 * The backup before this one, when it ended badly. The catalogue knows, from keys alone; what failed while the catalogue
 * was out of reach could not be written there, so Temporal is asked for later failures. Failures: those of the storage.
 */
export async function failedPreviousBackup(
  catalogue: Catalogue,
  platform: string,
  end: RunEnd,
  failedBackups: FailedBackups,
): Promise<FailedBackup | undefined> {
  let before: RunOutcome | undefined;
  for (const days of windowsInDays) {
    before = previousBackup(await catalogue.listOutcomes(days === undefined ? undefined : daysBefore(end, days)), end);
    if (before) break;
  }
  if (before && endedBadly(before)) return before;
  return failedBackups(platform, end, before?.finishedAt);
}

function daysBefore({ finishedAt }: RunEnd, days: number): string {
  return new Date(Date.parse(finishedAt) - days * 86_400_000).toISOString();
}
