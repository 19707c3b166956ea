import { Command as Program } from 'commander';
import type { Command, CommandContext, Options } from '../cli/command.ts';
import type { Toolbox } from '../cli/toolbox.ts';
import { readEnvironment } from '../config/environment.ts';
import { Failure } from '../domain/failures.ts';
import { recordedOutput } from './recorded-output.ts';

export interface CommandEnd {
  /** Undefined when it failed. */
  exitCode?: number;
  failure?: Failure;
  said: string;
  documents: unknown[];
}

/** Runs a command of the command line in this process, off a terminal, with nothing of this shell's environment. */
export async function runCommand(
  variables: Record<string, string>,
  command: Command,
  args: string[],
  options: Options = { by: 'ann' },
): Promise<CommandEnd> {
  const { output, said, documents } = recordedOutput();
  const context: CommandContext = { environment: readEnvironment(variables), toolbox: {} as Toolbox, output };
  try {
    const exitCode = await command.run(context, args, options, new Program());
    return { exitCode, said: said(), documents: documents() };
  } catch (error) {
    if (error instanceof Failure) return { failure: error, said: said(), documents: documents() };
    throw error;
  }
}
