import type { CommandContext, CommandResult } from './command.ts';
import { followToEnd } from './follow.ts';
import { withDesk } from './with-desk.ts';

/** Sends a person's answer to a quarantine and follows the result to its end, or until it waits for a person. */
export async function tellQuarantine(
  { environment, output }: CommandContext,
  reference: string,
  word: 'rollback' | 'release',
  by: string,
): CommandResult {
  return withDesk(environment, async (desk) => {
    const { run, answer } = await desk[word](reference, { by });
    output.say(answer);
    return followToEnd(desk, run, output, { untilPerson: true });
  });
}
