import { createInterface } from 'node:readline/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { overallVerdict } from '../../domain/checks.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { RestoreInput } from '../../domain/runs/run.ts';
import { approve, plan as planQuery } from '../../workflows/messages.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { concludeFollowing, follow, followToEnd } from '../follow.ts';
import { renderChecks, renderForecast, renderPlan } from '../render/report.ts';
import { startRun } from '../../client/runs.ts';
import { withTemporal } from '../../client/connection.ts';

export interface RestoreOptions {
  input: RestoreInput;
  dryRun: boolean;
  by: string;
}

export async function restoreCommand(context: CommandContext, options: RestoreOptions): CommandResult {
  if (options.dryRun) return dryRun(context, options.input);
  await context.toolbox.validatePlatform(options.input.platform);
  return withTemporal(context.environment, async (client) => {
    const handle = await startRun(client, 'restore', context.environment.taskQueue, options.input);
    const progress = await follow(client, handle, context.output, { untilPerson: true });
    const plan = progress.phase === 'waiting for approval' ? await handle.query(planQuery) : undefined;
    // What was followed to here is not told again; a run that waits for a decision is left to that person.
    if (plan === undefined) return concludeFollowing(client, handle, context.output, progress);
    return askForApproval(context, client, handle, { plan, progress }, options);
  });
}

/** The plan and what preflight says, made here and now without Temporal; nothing is changed. */
async function dryRun({ toolbox, output }: CommandContext, input: RestoreInput): CommandResult {
  const { plan, checks, forecast } = await toolbox.assessRestore(input, output.wait);
  const verdict = overallVerdict(checks);
  output.document({ plan, checks, verdict, forecast });
  if (plan) output.say(`${renderPlan(plan, output)}\n`);
  if (forecast) output.say(`${renderForecast(forecast, Date.now())}\n`);
  output.say(`Preflight: ${verdict}\n${renderChecks(checks, output)}`);
  return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
}

/** On a terminal the person is asked; elsewhere the run waits, and the message says what to type. */
async function askForApproval(
  { output }: CommandContext,
  client: Client,
  handle: WorkflowHandle,
  { plan, progress }: { plan: Plan; progress: RunProgress },
  { by, input }: RestoreOptions,
): CommandResult {
  const run = handle.workflowId;
  output.say(`${renderPlan(plan, output)}\n`);
  if (progress.forecast) output.say(`${renderForecast(progress.forecast, Date.now())}\n`);
  if (output.interactive && process.stdin.isTTY) {
    const answer = await ask(`Type the platform's name to approve this plan, anything else to leave it waiting: `);
    if (answer === input.platform) {
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
