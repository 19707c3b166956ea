import { Context } from '@temporalio/activity';
import { previousBackup, endedBadly, type RunEnd } from '../domain/notifications/announcement.ts';
import type { RunOutcome } from '../domain/runs/outcome.ts';
import type { Catalogue } from '../systems/catalogue/catalogue.ts';

/** How far back outcomes are listed, step by step: mostly the first suffices, and a list of years is long. */
const windowsInDays = [2, 60, undefined];

/**
 * The backup before this one, when it ended badly. The catalogue knows, from keys alone; what failed while the catalogue
 * was out of reach could not be written there, so Temporal is asked for what failed since. Failures: those of the storage.
 */
export async function failedPreviousBackup(
  catalogue: Catalogue,
  platform: string,
  end: RunEnd,
): Promise<Pick<RunOutcome, 'run' | 'finishedAt' | 'failure'> | undefined> {
  let before: RunOutcome | undefined;
  for (const days of windowsInDays) {
    before = previousBackup(await catalogue.listOutcomes(days === undefined ? undefined : daysBefore(end, days)), end);
    if (before) break;
  }
  if (before && endedBadly(before)) return before;
  return failedUnwritten(platform, end, before?.finishedAt);
}

function daysBefore({ finishedAt }: RunEnd, days: number): string {
  return new Date(Date.parse(finishedAt) - days * 86_400_000).toISOString();
}

/** Backups hold the lock, so one that failed after `since` also began after it. */
async function failedUnwritten(platform: string, end: RunEnd, since: string | undefined) {
  const { workflow } = Context.current().client;
  const query = [
    'WorkflowType = "backup"',
    'ExecutionStatus = "Failed"',
    `RekindlePlatform = "${platform}"`,
    `CloseTime < "${end.startedAt}"`,
    ...(since === undefined ? [] : [`StartTime > "${since}"`]),
  ].join(' AND ');
  for await (const { workflowId, closeTime } of workflow.list({ query, pageSize: 1 }))
    return { run: workflowId, finishedAt: (closeTime ?? new Date(end.startedAt)).toISOString() };
  return undefined;
}
