import { answered } from '../client/answers.ts';
import { withTemporal } from '../client/connection.ts';
import { findQuarantine } from '../client/find-quarantine.ts';
import type { rollback } from '../workflows/messages.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { followToEnd } from './follow.ts';

/** Sends a person's answer to a quarantine and follows the result to its end, or until it waits for a person. */
export async function tellQuarantine(
  { environment, output }: CommandContext,
  reference: string,
  word: typeof rollback,
  by: string,
): CommandResult {
  return withTemporal(environment, async (client) => {
    const quarantine = await findQuarantine(client, reference);
    const { handle } = quarantine;
    output.say(await answered(client, quarantine, () => handle.executeUpdate(word, { args: [{ by }] })));
    return followToEnd(client, handle, output, { untilPerson: true });
  });
}
