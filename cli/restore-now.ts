import type { Client } from '@temporalio/client';
import { answered } from '../client/answers.ts';
import { withTemporal } from '../client/connection.ts';
import { findRun, type FoundRun } from '../client/find-run.ts';
import { startRun } from '../client/runs.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { RestoreInput } from '../domain/runs/run.ts';
import { approve, plan as planQuery } from '../workflows/messages.ts';
import { canAsk, isApproved } from './approval.ts';
import { startedHere, type CommandContext, type CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { concludeFollowing, follow, followToEnd } from './follow.ts';
import { renderApproval } from './render/approval.ts';

/** Starts a restore and follows it to its end, or until it waits for a person who is not here. */
export async function restoreNow(context: CommandContext, input: RestoreInput, by: string): CommandResult {
  const { environment, output } = context;
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'restore', environment.taskQueue, {
      ...input,
      startedBy: startedHere(by),
    });
    const progress = await follow(client, handle, output, { untilPerson: true });
    const plan = progress.phase === 'waiting for approval' ? await handle.query(planQuery) : undefined;
    // What was followed to here is not shown again; a run that waits for a decision is left to that person.
    if (plan === undefined) return concludeFollowing(client, handle, output, progress);
    return askForApproval(context, client, await findRun(client, handle.workflowId), { plan, progress, by });
  });
}

/** On a terminal the person is asked; elsewhere the run waits, and the message says what to type. */
async function askForApproval(
  { output }: CommandContext,
  client: Client,
  run: FoundRun,
  { plan, progress, by }: { plan: Plan; progress: RunProgress; by: string },
): CommandResult {
  output.say(renderApproval(plan, progress, output, Date.now()));
  if (canAsk(output) && (await isApproved(plan))) {
    await answered(client, run, () => run.handle.executeUpdate(approve, { args: [{ planHash: plan.hash, by }] }));
    return followToEnd(client, run.handle, output, { untilPerson: true });
  }
  const { forecast, approvalUntil } = progress;
  output.document({ run: run.id, phase: progress.phase, planHash: plan.hash, approvalUntil, plan, forecast });
  return exitCodes.waitsForPerson;
}
