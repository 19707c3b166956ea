import os from 'node:os';
import { Option, type Argument, type Command as Program } from 'commander';
import type { Environment } from '../config/environment.ts';
import type { StartedBy } from '../domain/runs/started-by.ts';
import type { Output } from './output.ts';
import type { Toolbox } from './toolbox.ts';

/** One command of the command line. program.ts makes commander's out of it. */
export interface Command {
  /** As commander reads it: `pin <platform> <point>`. */
  usage: string;
  /** One line in "rekindle --help". */
  description: string;
  example: string;
  /** With `--gateway`: it works through one, or it has nothing to do with platforms. Else it is refused. */
  gateway?: 'works' | 'irrelevant';
  /** Arguments after those of `usage`, where only certain words are allowed. */
  arguments?: Argument[];
  options?: Option[];
  /**
   * Resolves to the exit code; what it throws is shown by the root, with its remedy. It imports what takes long to load
   * (Temporal's client, the drivers) when it runs: no help text and no list waits for them.
   */
  run: (context: CommandContext, args: string[], options: Options, program: Program) => CommandResult;
}

export interface CommandContext {
  environment: Environment;
  toolbox: Toolbox;
  output: Output;
}

export type CommandResult = Promise<number>;

/** As commander parsed them. */
export type Options = Record<string, string | boolean | undefined>;

export const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

/** Whoever types the command, unless they say who they are. */
const user = `${os.userInfo().username}@${os.hostname()}`;
export const byOption = new Option('--by <name>', 'who gives the word').default(user);
export const by = (options: Options) => text(options['by']) ?? user;

/** Of a run that this command starts. */
export const startedHere = (name = user): StartedBy => ({ how: 'command line', name });
export const beforeDeployment = (): StartedBy => ({ ...startedHere(), reason: 'before a deployment' });
