import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import { workflowOfFleet, type FleetInput, type FleetProgress } from '../domain/fleet/fleet.ts';
import type { StartedBy } from '../domain/runs/started-by.ts';
import type { fleet } from '../workflows/index.ts';
import * as messages from '../workflows/messages.ts';
import { answered } from './answers.ts';
import { describeRun, listExecutions, lineOf } from './runs.ts';

/**
 * Starts the restore of a fleet, `fleet/<name>`. Failure: FleetRunning, when one of that name runs: nothing is started then.
 */
export async function startFleet(
  client: Client,
  taskQueue: string,
  input: FleetInput & { startedBy: StartedBy },
): Promise<string> {
  const workflowId = workflowOfFleet(input.fleet);
  try {
    await client.workflow.start<typeof fleet>('fleet', {
      taskQueue,
      workflowId,
      args: [input],
      staticSummary: `restore of ${input.platforms.length} platforms`,
    });
    return workflowId;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const running = await describeRun(client, workflowId);
    throw new Failure(
      'FleetRunning',
      {
        message: `${workflowId} has been running since ${running?.startedAt ?? 'a moment ago'}; nothing was started`,
        remedy: `See where it stands: rekindle fleet status ${input.fleet}`,
      },
      { cause: error },
    );
  }
}

/** Where a fleet stands, or how the last one of that name ended. Failures: RunNotFound, RunFailed (no worker answers). */
export async function askFleet(client: Client, name: string): Promise<FleetProgress> {
  const { handle, ...found } = await findFleet(client, name);
  // One that has ended still says how, as long as Temporal keeps its history.
  return answered(client, { ...found, handle, status: 'running' }, () => handle.query(messages.fleet));
}

const words = { pause: messages.pause, resume: messages.resume, stop: messages.stop } as const;

export type FleetWordGiven = { by: string; reason?: string | undefined };

/** Answers a line for people. Failures: RunNotFound, InvalidArgument (the fleet refuses), RunFailed (no worker answers). */
export async function tellFleet(
  client: Client,
  name: string,
  word: 'pause' | 'resume' | 'stop',
  { by, reason }: FleetWordGiven,
): Promise<string> {
  const found = await findFleet(client, name);
  const said = { by, ...(reason !== undefined && { reason }) };
  return answered(client, found, () => found.handle.executeUpdate(words[word], { args: [said] }));
}

/** The same for an approval; `planHash`: the whole hash of the wave. */
export async function approveFleet(
  client: Client,
  name: string,
  word: { planHash: string; by: string },
): Promise<string> {
  const found = await findFleet(client, name);
  return answered(client, found, () => found.handle.executeUpdate(messages.approve, { args: [word] }));
}

/** Waits until it has closed, so that who asks Temporal next finds it so. */
export async function fleetClosed(client: Client, name: string): Promise<void> {
  await client.workflow
    .getHandle(workflowOfFleet(name))
    .result()
    .catch(() => undefined);
}

/** The names of fleets that are under way. Temporal's list lags a moment behind. */
export async function openFleets(client: Client): Promise<string[]> {
  const names: string[] = [];
  const query = 'WorkflowType = "fleet" AND ExecutionStatus = "Running"';
  for await (const execution of listExecutions(client, query)) names.push(lineOf(execution).id.replace(/^fleet\//, ''));
  return names.toSorted();
}

/** In which phase the open restores are, by their ids: more than a fleet itself knows of them. */
export async function restorePhases(client: Client): Promise<Map<string, string>> {
  const phases = new Map<string, string>();
  const query = 'WorkflowType = "restore" AND ExecutionStatus = "Running"';
  for await (const execution of listExecutions(client, query)) {
    const { id, phase } = lineOf(execution);
    phases.set(id, phase);
  }
  return phases;
}

async function findFleet(client: Client, name: string) {
  const id = workflowOfFleet(name);
  const handle = client.workflow.getHandle(id);
  const found = await describeRun(client, id).catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  if (found) return { ...found, handle };
  const open = await openFleets(client);
  throw new Failure('RunNotFound', {
    message: `There is no restore of a fleet called "${name}"`,
    remedy:
      open.length > 0
        ? `Under way: ${open.join(', ')}`
        : 'No fleet is being restored; "rekindle restore --fleet <file>" starts one',
  });
}
