import { answered } from '../client/answers.ts';
import { withTemporal } from '../client/connection.ts';
import { findRun, type FoundRun } from '../client/find-run.ts';
import type { Phase } from '../domain/runs/progress.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Sends a person's answer to a run and shows its reply. `wanted`: the phase in which a run waits for it. */
export async function tellRun(
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
  reference: string,
  word: (run: FoundRun) => Promise<string>,
  wanted?: Phase,
): CommandResult {
  return withTemporal(environment, async (client) => {
    const run = await findRun(client, reference, wanted);
    const answer = await answered(client, run, () => word(run));
    output.document({ run: run.id, answer });
    output.say(answer);
    return exitCodes.passed;
  });
}
