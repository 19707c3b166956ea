import os from 'node:os';
import { Option, type Command } from 'commander';
import type { CommandContext, CommandResult } from '../command-context.ts';

/** As commander parsed them. */
export type Options = Record<string, string | boolean | undefined>;

/**
 * Registers a command: how it is written, what it does, an example, and what runs it. What runs it loads its module then:
 * Temporal's client and the drivers take a second together, which no help text or list should wait for.
 */
export type Register = (
  usage: string,
  description: string,
  example: string,
  run: (context: CommandContext, args: string[], options: Options) => CommandResult,
) => Command;

export const platformArgument = '<platform>';

export const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

export const byOption = () =>
  new Option('--by <name>', 'who says so').default(`${os.userInfo().username}@${os.hostname()}`);
export const by = (options: Options) => text(options['by']) ?? 'unknown';
