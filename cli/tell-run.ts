import { answered } from '../client/answers.ts';
import { withTemporal } from '../client/connection.ts';
import { findRun, type FoundRun } from '../client/find-run.ts';
import type { Phase } from '../domain/runs/progress.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Gives a person's word to a run and shows its answer. `wanted`: in which phase a run waits for such a word. */
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
