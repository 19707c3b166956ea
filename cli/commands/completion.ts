import { Argument, Option, type Command as CommanderCommand } from 'commander';
import type { Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
/** A shell waits for it at each key press. */
const patienceMs = 1500;

export const completion: Command = {
  usage: 'completion',
  description: 'print a script that completes commands, options, platforms and runs in a shell',
  example: 'source <(rekindle completion bash)',
  gateway: 'irrelevant',
  arguments: [new Argument('[shell]', 'which shell').choices(shells).default('bash')],
  options: [
    new Option('--list <what>', 'names, a line each: what the scripts ask for')
      .choices(['platforms', 'runs'])
      .hideHelp(),
  ],
  async run(context, [shell = 'bash'], { list }, program) {
    if (list !== undefined) for (const name of await names(context, list === 'runs')) context.output.say(name);
    else context.output.say((await scriptFor(shell, program)).trimEnd());
    return exitCodes.passed;
  },
};

async function scriptFor(shell: string, program: CommanderCommand): Promise<string> {
  const { completedCommands } = await import('../completion/words.ts');
  const commands = completedCommands(program);
  if (shell === 'zsh') return (await import('../completion/zsh.ts')).zshScript(commands);
  if (shell === 'fish') return (await import('../completion/fish.ts')).fishScript(commands);
  return (await import('../completion/bash.ts')).bashScript(commands);
}

/** Runs only when Temporal answers at once; an error has no place in the middle of a line that is being typed. */
async function names({ environment }: CommandContext, runs: boolean): Promise<string[]> {
  const { listPlatforms } = await import('../../config/platform-file.ts');
  const platforms = await listPlatforms(environment.platformsFolder);
  if (!runs) return platforms;
  const { withTemporal } = await import('../../client/connection.ts');
  const { listRuns } = await import('../../client/runs.ts');
  const found = withTemporal({ ...environment, payloadKeyFile: undefined }, (client) => listRuns(client));
  const late = new Promise<[]>((resolve) => setTimeout(() => resolve([]), patienceMs).unref());
  const ids = (await Promise.race([found.catch(() => []), late])).map(({ id }) => id);
  return [...platforms, ...ids];
}
