import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { BackupInput, PruneInput, RebuildInput, RestoreInput } from '../domain/runs/run.ts';
import { scheduleId, scheduleKinds } from '../domain/schedule/schedule.ts';
import { progress as progressQuery } from '../workflows/messages.ts';
import type { backup, prune, rebuild, restore } from '../workflows/index.ts';

// Workflows are started by their type's name: nothing of their code comes into the client.
export interface Starts {
  restore: { workflow: typeof restore; input: RestoreInput };
  backup: { workflow: typeof backup; input: BackupInput };
  rebuild: { workflow: typeof rebuild; input: RebuildInput };
  prune: { workflow: typeof prune; input: PruneInput };
}
export const runKinds = ['restore', 'backup', 'rebuild', 'prune'] as const satisfies (keyof Starts)[];
const listed = [...runKinds, 'quarantine'];

/** Starts a run under the id that interface.md promises: `restore/<platform>/<time>`. */
export async function startRun<K extends keyof Starts>(
  client: Client,
  kind: K,
  taskQueue: string,
  input: Starts[K]['input'],
): Promise<WorkflowHandle> {
  const time = new Date().toISOString().slice(0, 19);
  return client.workflow.start(kind, {
    taskQueue,
    workflowId: `${kind}/${input.platform}/${time}Z`,
    args: [input],
    staticSummary: `${kind} of ${input.platform}`,
  });
}

/** A run by its workflow id, or a platform's newest. Failure: RunNotFound. */
export async function findRun(client: Client, reference: string): Promise<WorkflowHandle> {
  try {
    const handle = client.workflow.getHandle(reference);
    await handle.describe();
    return handle;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  for await (const run of listRuns(client, reference)) return client.workflow.getHandle(run.id);
  throw new Failure('RunNotFound', {
    message: `there is no run and no platform with runs called "${reference}"`,
    remedy: '"rekindle runs" lists them',
  });
}

export interface RunLine {
  id: string;
  kind: string;
  platform: string;
  status: string;
  phase: string;
  verdict: string;
  startedAt: string;
  closedAt?: string;
}

/** Newest first, as Temporal lists them. */
export async function* listRuns(client: Client, platform?: string): AsyncIterable<RunLine> {
  const kinds = listed.map((kind) => `"${kind}"`).join(', ');
  const only = platform === undefined ? '' : ` AND (${ofPlatform(platform.replaceAll('"', ''))})`;
  for await (const execution of client.workflow.list({ query: `WorkflowType IN (${kinds})${only}` })) {
    const attribute = (name: string) =>
      execution.typedSearchAttributes.get(defineSearchAttributeKey(name, SearchAttributeType.KEYWORD)) ?? '';
    yield {
      id: execution.workflowId,
      kind: execution.type,
      platform: attribute('RekindlePlatform'),
      status: execution.status.name.toLowerCase(),
      phase: attribute('RekindlePhase'),
      verdict: attribute('RekindleVerdict'),
      startedAt: execution.startTime.toISOString(),
      ...(execution.closeTime ? { closedAt: execution.closeTime.toISOString() } : {}),
    };
  }
}

/** The attribute is the workflow's own word: a run that no worker took up yet is known by its id or schedule alone. */
function ofPlatform(platform: string): string {
  const byId = runKinds.map((kind) => `WorkflowId STARTS_WITH "${kind}/${platform}/"`);
  const bySchedule = scheduleKinds.map((kind) => `TemporalScheduledById = "${scheduleId(platform, kind)}"`);
  return [`RekindlePlatform = "${platform}"`, ...byId, ...bySchedule].join(' OR ');
}

/**
 * The workflow that stands for a restore's quarantine, by the restore's id, its own, or the platform's name (its newest
 * that waits). Failure: RunNotFound.
 */
export async function findQuarantine(client: Client, reference: string): Promise<WorkflowHandle> {
  const own = reference.startsWith('quarantine/') ? reference : `quarantine/${reference}`;
  try {
    const handle = client.workflow.getHandle(own);
    if ((await handle.describe()).status.name === 'RUNNING') return handle;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  for await (const run of listRuns(client, reference))
    if (run.kind === 'quarantine' && run.status === 'running') return client.workflow.getHandle(run.id);
  throw new Failure('RunNotFound', {
    message: `nothing is in quarantine of a run or platform called "${reference}"`,
    remedy: '"rekindle runs" lists the quarantines that wait, with the runs that they belong to',
  });
}

/**
 * Where a run stands. Undefined when no worker answers within `timeoutMs`: the run goes on, it only cannot be asked.
 * Failure: MissingKey.
 */
export async function askProgress(
  client: Client,
  handle: WorkflowHandle,
  timeoutMs = 5000,
): Promise<RunProgress | undefined> {
  try {
    return await client.connection.withDeadline(Date.now() + timeoutMs, () => handle.query(progressQuery));
  } catch (error) {
    // A failure of our own is no silence: the worker answered, and its answer cannot be decrypted here.
    if (error instanceof WorkflowNotFoundError || error instanceof Failure) throw error;
    return undefined;
  }
}
