import { createInterface } from 'node:readline/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { withTemporal } from '../client/connection.ts';
import { startRun } from '../client/runs.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { RestoreInput } from '../domain/runs/run.ts';
import { approve, plan as planQuery } from '../workflows/messages.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { concludeFollowing, follow, followToEnd } from './follow.ts';
import { renderForecast, renderPlan } from './render/report.ts';

/** Starts a restore and follows it to its end, or until it waits for a person who is not here. */
export async function restoreNow(context: CommandContext, input: RestoreInput, by: string): CommandResult {
  const { environment, output } = context;
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'restore', environment.taskQueue, input);
    const progress = await follow(client, handle, output, { untilPerson: true });
    const plan = progress.phase === 'waiting for approval' ? await handle.query(planQuery) : undefined;
    // What was followed to here is not told again; a run that waits for a decision is left to that person.
    if (plan === undefined) return concludeFollowing(client, handle, output, progress);
    return askForApproval(context, client, handle, { plan, progress, by });
  });
}

/** On a terminal the person is asked; elsewhere the run waits, and the message says what to type. */
async function askForApproval(
  { output }: CommandContext,
  client: Client,
  handle: WorkflowHandle,
  { plan, progress, by }: { plan: Plan; progress: RunProgress; by: string },
): CommandResult {
  const run = handle.workflowId;
  output.say(`${renderPlan(plan, output)}\n`);
  if (progress.forecast) output.say(`${renderForecast(progress.forecast, Date.now())}\n`);
  if (output.interactive && process.stdin.isTTY) {
    const answer = await ask(`Type the platform's name to approve this plan, anything else to leave it waiting: `);
    if (answer === plan.platform) {
      await handle.executeUpdate(approve, { args: [{ planHash: plan.hash, by }] });
      return followToEnd(client, handle, output, { untilPerson: true });
    }
  }
  output.document({ run, phase: 'waiting for approval', planHash: plan.hash, plan, forecast: progress.forecast });
  output.say(
    `The run waits for approval; nothing was touched.\n  rekindle approve ${run} --hash ${plan.hash}\n  rekindle reject ${run}`,
  );
  return exitCodes.waitsForPerson;
}

async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
