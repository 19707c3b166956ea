import { Command } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import type { Toolbox } from './command-context.ts';
import { openOutput } from './output.ts';
import { registerLooks } from './program/looks.ts';
import type { Options, Register } from './program/register.ts';
import { registerSchedules } from './program/schedules.ts';
import { registerServing } from './program/serving.ts';
import { registerWords } from './program/words.ts';
import { registerWork } from './program/work.ts';

/** The command line as data for commander; each action resolves to the exit code that `finish` is given. */
export function makeProgram(toolbox: Toolbox, finish: (exitCode: number) => void): Command {
  const program = new Command('rekindle')
    .description('Brings a platform back from its backups, and proves beforehand that it can.')
    .option('--json', 'print one JSON document (watch: one per line)')
    .addHelpText(
      'after',
      '\nExit codes: 0 passed, 1 failed, 2 bad input, 3 refused (nothing touched), 4 waits for a person, 130 interrupted',
    )
    .showHelpAfterError('(rekindle --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  const command: Register = (usage, description, example, run) => {
    const added = program.command(usage).description(description).addHelpText('after', `\nExample: ${example}`);
    added.option('--json', 'print one JSON document');
    return added.action(async () => {
      const options = added.optsWithGlobals<Options>();
      const output = openOutput({ json: options['json'] === true });
      finish(await run({ environment: readEnvironment(), toolbox, output }, added.args, options));
    });
  };
  registerServing(command);
  registerWork(command);
  registerSchedules(command);
  registerWords(command);
  registerLooks(command);
  return program;
}
