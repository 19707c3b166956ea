import type { Argument, Command, Option } from 'commander';

/** What may stand somewhere: certain words, or what reading the place itself finds. */
export interface Values {
  words: readonly string[];
  look?: 'platforms' | 'runs';
}

export interface CompletedOption {
  names: string[];
  description: string;
  /** Absent: it takes no value. */
  value?: Values;
}

export interface CompletedCommand {
  name: string;
  description: string;
  arguments: Values[];
  options: CompletedOption[];
}

/** The command line as shells need it, read from commander's own description of it. */
export function completedCommands(program: Command): CompletedCommand[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      name: command.name(),
      description: command.description(),
      arguments: command.name() === 'help' ? [{ words: namesOf(program) }] : command.registeredArguments.map(valuesOf),
      options: optionsOf(command),
    }));
}

export function optionsOf(command: Command): CompletedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      names: [option.short, option.long].filter((name) => name !== undefined),
      description: option.description,
      ...((option.required || option.optional) && { value: valuesOfOption(option) }),
    }));
}

const namesOf = (program: Command) => program.commands.map((command) => command.name());

function valuesOf(argument: Argument): Values {
  return known(argument.name(), argument.argChoices);
}

function valuesOfOption(option: Option): Values {
  return known(/[<[](\w+)/.exec(option.flags)?.[1] ?? '', option.argChoices);
}

function known(name: string, choices: readonly string[] | undefined): Values {
  if (choices) return { words: choices };
  switch (name) {
    case 'platform':
      return { words: [], look: 'platforms' };
    case 'run':
      return { words: [], look: 'runs' };
    case 'point':
      return { words: ['latest', 'proven'] };
    default:
      return { words: [] };
  }
}
