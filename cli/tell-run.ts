import type { Desk, Reply } from '../client/desk.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { withDesk } from './with-desk.ts';

/** Sends a person's answer to a run and shows its reply. */
export async function tellRun(
  { environment, output }: Pick<CommandContext, 'environment' | 'output'>,
  word: (desk: Desk) => Promise<Reply>,
): CommandResult {
  return withDesk(environment, async (desk) => {
    const reply = await word(desk);
    output.document(reply);
    output.say(reply.answer);
    return exitCodes.passed;
  });
}
