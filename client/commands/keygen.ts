import type { CommandContext, CommandResult } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

export async function keygenCommand(
  { environment, toolbox, output }: CommandContext,
  file: string | undefined,
): CommandResult {
  const key = await toolbox.generateKey(file ?? environment.keyFile);
  output.document(key);
  output.say(
    [
      `The key that encrypts deployment captures is in ${key.file} (mode 0600, format of the "age" tool).`,
      `Its public half: ${key.recipient}`,
      'Captures hold the environment of your containers, secrets included. Whoever has this key can read them, and',
      'without it no platform can be created again from its capture. Keep a copy in a safe, never beside the backups.',
    ].join('\n'),
  );
  return exitCodes.passed;
}
