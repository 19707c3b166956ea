import path from 'node:path';
import { Option } from 'commander';
import type { Command, CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const keygen: Command = {
  usage: 'keygen [file]',
  description: 'make the key that encrypts captures',
  example: 'rekindle keygen',
  gateway: 'irrelevant',
  options: [new Option('--payload', 'the key that encrypts what Temporal stores, instead')],
  async run(context, [file], options) {
    return options['payload'] === true ? makePayloadKey(context, file) : makeCaptureKey(context, file);
  },
};

async function makeCaptureKey(
  { environment, toolbox, output }: CommandContext,
  file = environment.keyFile,
): CommandResult {
  const key = await toolbox.generateKey(file);
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

/** Default place: REKINDLE_PAYLOAD_KEY_FILE, else next to the captures' key. */
async function makePayloadKey({ environment, output }: CommandContext, given: string | undefined): CommandResult {
  const { createPayloadKeyFile } = await import('../../operations/payload-key-file.ts');
  const byDefault = path.join(path.dirname(environment.keyFile), 'payload-key.txt');
  const file = path.resolve(given ?? environment.payloadKeyFile ?? byDefault);
  const { id } = await createPayloadKeyFile(file);
  output.document({ file, id });
  output.say(
    [
      `The key that encrypts what Temporal stores is in ${file} (mode 0600). Its id: ${id}`,
      `Every worker and command line of this Temporal needs it: REKINDLE_PAYLOAD_KEY_FILE=${file}`,
      'Without it, runs that were encrypted with it cannot go on, nor be looked at. The backups do not depend on it.',
    ].join('\n'),
  );
  return exitCodes.passed;
}
