import type { Environment } from '../config/environment.ts';
import type { Desk } from '../client/desk.ts';
import type { Starts } from '../client/runs.ts';
import type { Plan } from '../domain/plans/plan.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { RestoreInput } from '../domain/runs/run.ts';
import { canAsk, isApproved } from './approval.ts';
import { startedHere, type CommandContext, type CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { concludeFollowing, follow, followToEnd } from './follow.ts';
import { renderApproval } from './render/approval.ts';
import { withDesk } from './with-desk.ts';

/** Starts a restore and follows it to its end, or until it waits for a person who is not here. */
export function restoreNow(context: CommandContext, input: RestoreInput, by: string): CommandResult {
  return startAsking(context, 'restore', input, by);
}

/** The same for every kind of run that asks people for approval. */
export async function startAsking<K extends 'restore' | 'copy'>(
  context: CommandContext,
  kind: K,
  input: Starts[K]['input'] & { approvedBy?: string },
  by: string,
): CommandResult {
  const { environment, output } = context;
  return withDesk(environment, async (desk) => {
    const run = await desk.start(kind, { ...input, startedBy: startedHere(by) });
    const progress = await follow(desk, run, output, { untilPerson: true });
    const plan = progress.phase === 'waiting for approval' ? await desk.plan(run) : undefined;
    // What was followed to here is not shown again; a run that waits for a decision is left to that person.
    if (plan === undefined) return concludeFollowing(desk, output, progress);
    return askForApproval(context, desk, { plan, progress, by, yes: approvesInAdvance(environment, input, progress) });
  });
}

/**
 * `--yes`, where the run could not be given the approval when it started: a gateway takes it from the authenticated caller. Elsewhere the
 * run has it, and one that waits all the same has made another plan, since the platform changed: that one nobody has seen.
 */
export function approvesInAdvance(
  { gatewayUrl }: Pick<Environment, 'gatewayUrl'>,
  { approvedBy }: { approvedBy?: string },
  { approvals }: Pick<RunProgress, 'approvals'>,
): boolean {
  return gatewayUrl !== undefined && approvedBy !== undefined && approvals.length === 0;
}

/** On a terminal the person is asked; elsewhere the run waits, and the message says what to type. */
async function askForApproval(
  { output }: CommandContext,
  desk: Desk,
  { plan, progress, by, yes }: { plan: Plan; progress: RunProgress; by: string; yes: boolean },
): CommandResult {
  const { run, platform, phase, forecast, approvalUntil } = progress;
  output.say(renderApproval(plan, progress, output, Date.now()));
  if (yes || (canAsk(output) && (await isApproved(plan)))) {
    await desk.approve(run, { planHash: plan.hash, platform, by });
    return followToEnd(desk, run, output, { untilPerson: true });
  }
  output.document({ run, phase, planHash: plan.hash, approvalUntil, plan, forecast });
  return exitCodes.waitsForPerson;
}
