import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionInfo,
  type WorkflowHandle,
} from '@temporalio/client';
import { executionInfoFromRaw, rethrowKnownErrorTypes } from '@temporalio/client/lib/helpers.js';
import { Failure } from '../domain/failures.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import { searchAttributes, type SearchAttribute } from '../domain/runs/search-attributes.ts';
import type {
  BackupInput,
  CopyInput,
  DrillInput,
  PruneInput,
  RebuildInput,
  RestoreInput,
  ScrubInput,
} from '../domain/runs/run.ts';
import type { StartedBy } from '../domain/runs/started-by.ts';
import { scheduleId, scheduleKinds } from '../domain/schedule/schedule.ts';
import { progress as progressQuery } from '../workflows/messages.ts';
import type { backup, drill, prune, rebuild, restore, scrub } from '../workflows/index.ts';
import type { copy } from '../workflows/copy.ts';

// Workflows are started by their type's name: nothing of their code comes into the client.
export interface Starts {
  restore: { workflow: typeof restore; input: RestoreInput };
  backup: { workflow: typeof backup; input: BackupInput };
  rebuild: { workflow: typeof rebuild; input: RebuildInput };
  prune: { workflow: typeof prune; input: PruneInput };
  scrub: { workflow: typeof scrub; input: ScrubInput };
  copy: { workflow: typeof copy; input: CopyInput };
  drill: { workflow: typeof drill; input: DrillInput };
}
const started = ['restore', 'backup', 'rebuild', 'prune', 'scrub', 'copy', 'drill'] as const satisfies (keyof Starts)[];
/** The types of workflows that people care about: not locks and freshness checks. */
const kinds = [...started, 'quarantine'] as const;
type RunKind = (typeof kinds)[number];
export const isRunKind = (type: string): type is RunKind => kinds.some((kind) => kind === type);

/**
 * Starts a run under the id that people and scripts know: `restore/<platform>/<time>`. Failure: PlatformBusy, when one was
 * started in the same second.
 */
export async function startRun<K extends keyof Starts>(
  client: Client,
  kind: K,
  taskQueue: string,
  input: Starts[K]['input'] & { startedBy: StartedBy },
): Promise<WorkflowHandle> {
  const time = new Date().toISOString().slice(0, 19);
  const workflowId = `${kind}/${input.platform}/${time}Z`;
  try {
    return await client.workflow.start(kind, {
      taskQueue,
      workflowId,
      args: [input],
      staticSummary: `${kind} of ${input.platform}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Failure(
      'PlatformBusy',
      {
        message: `${workflowId} was started in the same second and is working on ${input.platform}; nothing was touched`,
        remedy: `Watch it with "rekindle watch ${workflowId}", and start again when it has ended`,
      },
      { cause: error },
    );
  }
}

export interface RunLine {
  id: string;
  kind: string;
  platform: string;
  /** Temporal's status: running, completed, failed, cancelled, terminated, …. */
  status: string;
  phase: string;
  verdict: string;
  startedAt: string;
  closedAt?: string;
  /** The run that this one is a part of. */
  partOf?: string;
  /** Of an incident: the tool that reported it. */
  source?: string;
}

export function lineOf(execution: Listed): RunLine {
  const attribute = (name: SearchAttribute) =>
    execution.typedSearchAttributes.get(
      defineSearchAttributeKey(searchAttributes[name], SearchAttributeType.KEYWORD),
    ) ?? '';
  const source = attribute('source');
  const parent = execution.parentExecution?.workflowId;
  return {
    id: execution.workflowId,
    kind: execution.type,
    platform: attribute('platform'),
    status: execution.status.name.toLowerCase(),
    phase: attribute('phase'),
    verdict: attribute('verdict'),
    startedAt: execution.startTime.toISOString(),
    ...(execution.closeTime && { closedAt: execution.closeTime.toISOString() }),
    // Neither an incident nor a fleet is a run: a restore that it begins is a run of its own.
    ...(parent && !/^(incident|fleet)\//.test(parent) && { partOf: parent }),
    ...(source !== '' && { source }),
  };
}

/** Without its memo, which may be encrypted. */
export type Listed = Omit<WorkflowExecutionInfo, 'raw' | 'memo'>;

/** What fits a query. Whoever only lists needs no key. Temporal's list lags a moment behind. */
export async function* listExecutions(client: Client, query: string, pageSize = 1000): AsyncGenerator<Listed> {
  const { namespace, loadedDataConverter } = client.options;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService
      .listWorkflowExecutions({ namespace, query, pageSize, nextPageToken })
      .catch(rethrown);
    for (const execution of page.executions) {
      execution.memo = null;
      yield await executionInfoFromRaw(execution, loadedDataConverter, undefined, namespace);
    }
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
}

/** As the SDK's own calls would fail: a namespace that is missing has a kind of its own. */
function rethrown(error: unknown): never {
  if (isGrpcServiceError(error)) rethrowKnownErrorTypes(error);
  throw error;
}

export interface RunsWanted {
  platform?: string | undefined;
  kind?: RunKind;
  open?: boolean;
  /** At most so many; absent: all that Temporal still knows. */
  limit?: number;
}

/** Newest first. */
export async function listRuns(
  client: Client,
  { platform, kind, open = false, limit = Infinity }: RunsWanted = {},
): Promise<RunLine[]> {
  const query = [
    `WorkflowType IN (${(kind ? [kind] : kinds).map((one) => `"${one}"`).join(', ')})`,
    ...(platform === undefined ? [] : [`(${ofPlatform(platform.replaceAll('"', ''))})`]),
    ...(open ? ['ExecutionStatus = "Running"'] : []),
  ].join(' AND ');
  // Temporal lists what is open, then what ended last: some more are read, since what ended later may have begun earlier.
  const most = limit + olderButLonger;
  const runs: RunLine[] = [];
  for await (const execution of listExecutions(client, query, Math.min(most, 1000))) {
    runs.push(lineOf(execution));
    if (runs.length >= most) break;
  }
  return runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, limit);
}

/** The workflow sets the attribute itself: a run that no worker took up yet is known only by its id or schedule. */
function ofPlatform(platform: string): string {
  const byId = started.map((kind) => `WorkflowId STARTS_WITH "${kind}/${platform}/"`);
  const bySchedule = scheduleKinds.map((kind) => `TemporalScheduledById = "${scheduleId(platform, kind)}"`);
  return [`RekindlePlatform = "${platform}"`, ...byId, ...bySchedule].join(' OR ');
}

const olderButLonger = 50;

/** As Temporal holds it now, which its list may not show yet; undefined: there is no such workflow. */
export async function describeRun(client: Client, id: string): Promise<RunLine | undefined> {
  try {
    return lineOf(await client.workflow.getHandle(id).describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
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
    // A failure of our own is an answer: the worker replied, and its answer cannot be decrypted here.
    if (error instanceof WorkflowNotFoundError || error instanceof Failure) throw error;
    return undefined;
  }
}
