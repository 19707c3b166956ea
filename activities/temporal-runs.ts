import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { RunEnd } from '../domain/notifications/announcement.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { PointOwner } from '../domain/recovery-points/claims.ts';
import type { RecoveryPointId } from '../domain/recovery-points/recovery-point.ts';
import type { RunState } from '../domain/recovery-points/unfinished.ts';
import type { FailedBackup } from '../operations/notify/previous-backup.ts';

// What operations ask of Temporal about runs, through the worker's own connection.

/** The run that this activity works for. */
export function currentRun(): PointOwner {
  const { workflowExecution } = Context.current().info;
  if (!workflowExecution) throw new Error('This activity does not belong to a workflow');
  return { run: workflowExecution.workflowId, execution: workflowExecution.runId };
}

/** `unknown`: this Temporal never had the run, or has forgotten it. Without `execution`: the newest one of that id. */
export async function runState(run: string, execution = ''): Promise<RunState> {
  const { workflow } = Context.current().client;
  try {
    const own = await workflow.getHandle(run, execution === '' ? undefined : execution).describe();
    if (own.status.name === 'RUNNING') return 'running';
    if (own.status.name === 'COMPLETED') return 'passed';
    if (execution === '') return 'over';
    // A run that was reset goes on as another execution of the same first one.
    const latest = await workflow.getHandle(run).describe();
    const first = (one: typeof own) => one.raw.workflowExecutionInfo?.firstRunId;
    return latest.status.name === 'RUNNING' && first(latest) === first(own) ? 'running' : 'over';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}

const pointAttribute = defineSearchAttributeKey('RekindleRecoveryPoint', SearchAttributeType.KEYWORD);

/** Recovery points that the platform's open runs work with. Temporal's list lags; a restore has pinned its point as well. */
export async function pointsInUse(platform: PlatformName): Promise<Set<RecoveryPointId>> {
  const query = `RekindlePlatform = "${platform}" AND ExecutionStatus = "Running"`;
  const ids = new Set<RecoveryPointId>();
  for await (const { typedSearchAttributes } of Context.current().client.workflow.list({ query })) {
    const id = typedSearchAttributes.get(pointAttribute);
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

/** A backup that failed before `end` began. Backups hold the lock, so one that failed after `since` also began after it. */
export async function failedBackups(
  platform: PlatformName,
  end: RunEnd,
  since: string | undefined,
): Promise<FailedBackup | undefined> {
  const query = [
    'WorkflowType = "backup"',
    'ExecutionStatus = "Failed"',
    `RekindlePlatform = "${platform}"`,
    `CloseTime < "${end.startedAt}"`,
    ...(since === undefined ? [] : [`StartTime > "${since}"`]),
  ].join(' AND ');
  for await (const { workflowId, closeTime } of Context.current().client.workflow.list({ query, pageSize: 1 }))
    return { run: workflowId, finishedAt: (closeTime ?? new Date(end.startedAt)).toISOString() };
  return undefined;
}
