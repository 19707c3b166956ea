import type { Command, Options } from '../../cli/command.ts';
import { runCommand as run, type CommandEnd } from '../run-command.ts';
import { provided } from '../provided.ts';

/** A command of the command line, against the tests' Temporal. */
export function runCommand(command: Command, args: string[], options?: Options): Promise<CommandEnd> {
  return run({ TEMPORAL_ADDRESS: provided('temporalAddress') }, command, args, options);
}
