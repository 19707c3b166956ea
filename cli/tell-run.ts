import type { WorkflowHandle } from '@temporalio/client';
import { answered } from '../client/answers.ts';
import { withTemporal } from '../client/connection.ts';
import { findRun } from '../client/runs.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Gives a person's word to a run and shows its answer. */
export async function tellRun(
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
  reference: string,
  word: (handle: WorkflowHandle) => Promise<string>,
): CommandResult {
  return withTemporal(environment, async (client) => {
    const handle = await findRun(client, reference);
    const answer = await answered(client, handle, () => word(handle));
    output.document({ run: handle.workflowId, answer });
    output.say(answer);
    return exitCodes.passed;
  });
}
