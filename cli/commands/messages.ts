import { WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { Failure } from '../../domain/failures.ts';
import type { Choice } from '../../domain/runs/progress.ts';
import { approve, decide, plan as planQuery, reject, release, rollback } from '../../workflows/messages.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { findQuarantine, findRun } from '../../client/runs.ts';
import { withTemporal } from '../../client/connection.ts';

/** An Update waits for ever when no worker polls; who types a command is told instead. */
const answerWithinMs = 10_000;

export async function approveCommand(
  context: CommandContext,
  run: string,
  options: { hash?: string; by: string },
): CommandResult {
  return tell(context, run, async (handle) => {
    // Without a hash the person approves what they see now; the run still refuses when it changed meanwhile.
    const planHash = options.hash ?? (await handle.query(planQuery))?.hash ?? '';
    return handle.executeUpdate(approve, { args: [{ planHash, by: options.by }] });
  });
}

export async function rejectCommand(
  context: CommandContext,
  run: string,
  word: { by: string; reason?: string },
): CommandResult {
  return tell(context, run, (handle) => handle.executeUpdate(reject, { args: [word] }));
}

export async function decideCommand(
  context: CommandContext,
  run: string,
  word: { step?: string; choice: Choice; by: string },
): CommandResult {
  return tell(context, run, async (handle) => {
    const step = word.step ?? (await onlyPendingStep(handle));
    return handle.executeUpdate(decide, { args: [{ step, choice: word.choice, by: word.by }] });
  });
}

export async function cancelCommand(context: CommandContext, run: string): CommandResult {
  return tell(context, run, async (handle) => {
    await handle.cancel();
    return `${handle.workflowId} is asked to end; before the point of no return it starts again what it stopped`;
  });
}

/** Brings the old data back and follows that to its end. */
export async function rollbackCommand(context: CommandContext, run: string, by: string): CommandResult {
  return withTemporal(context.environment, async (client) => {
    const handle = await findQuarantine(client, run);
    const answer = await answered(client, handle, () => handle.executeUpdate(rollback, { args: [{ by }] }));
    context.output.say(answer);
    return followToEnd(client, handle, context.output, { untilPerson: true });
  });
}

/** Lets the old data go, and returns when it is gone. */
export async function releaseCommand(context: CommandContext, run: string, by: string): CommandResult {
  return withTemporal(context.environment, async (client) => {
    const handle = await findQuarantine(client, run);
    const answer = await answered(client, handle, () => handle.executeUpdate(release, { args: [{ by }] }));
    context.output.say(answer);
    return followToEnd(client, handle, context.output);
  });
}

async function onlyPendingStep(handle: WorkflowHandle): Promise<string> {
  const { pendingDecisions } = await handle.query<{ pendingDecisions: { step: string }[] }>('progress');
  const [first, ...others] = pendingDecisions;
  if (first !== undefined && others.length === 0) return first.step;
  throw new Failure('InvalidArgument', {
    message: first === undefined ? 'no step of this run waits for a decision' : 'several steps wait for a decision',
    remedy:
      first === undefined
        ? '"rekindle status" shows where it stands'
        : `name one with --step: ${pendingDecisions.map(({ step }) => step).join(', ')}`,
  });
}

async function tell(
  { environment, output }: CommandContext,
  run: string,
  say: (handle: WorkflowHandle) => Promise<string>,
): CommandResult {
  return withTemporal(environment, async (client) => {
    const handle = await findRun(client, run);
    const answer = await answered(client, handle, () => say(handle));
    output.document({ run: handle.workflowId, answer });
    output.say(answer);
    return exitCodes.passed;
  });
}

/** What the run says, within seconds; a refusal and a silence become failures with their remedy. */
async function answered(client: Client, handle: WorkflowHandle, say: () => Promise<string>): Promise<string> {
  try {
    return await client.connection.withDeadline(Date.now() + answerWithinMs, say);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof WorkflowUpdateFailedError)
      throw new Failure('InvalidArgument', {
        message: `${handle.workflowId} refuses: ${error.cause?.message ?? error.message}`,
        remedy: `"rekindle status ${handle.workflowId}" shows where it stands`,
      });
    throw new Failure(
      'RunFailed',
      {
        message: `${handle.workflowId} did not answer: ${(error as Error).message}`,
        remedy: 'see whether a worker runs ("rekindle worker") and whether the run is still open ("rekindle runs")',
      },
      { cause: error },
    );
  }
}
