import { writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import { Failure } from '../domain/failures.ts';
import type { Plan } from '../domain/plans/plan.ts';
import { text, type CommandContext, type Options } from './command.ts';
import { assertHere, openPlatform } from './open-platform.ts';

export const scriptOption = new Option(
  '--script <file>',
  'with --dry-run: also write the plan as a shell script that needs neither Rekindle nor Temporal',
);

/** Writes a plan, if there is one, as a script. */
export type WriteScript = (plan: Plan | undefined) => Promise<void>;

/**
 * What `--script` asks for; without it, a function that does nothing. Called before anything is done. The script belongs to
 * a dry run because it is made of the plan that the dry run shows. Failure: InvalidArgument without `--dry-run`, through a
 * gateway, and for a file that is there already: the script that is to be kept is never overwritten. InvalidPlatformFile when it would
 * hold a secret.
 */
export function scriptAsked(options: Options, { environment, output }: CommandContext, command: string): WriteScript {
  const file = text(options['script']);
  if (file === undefined) return () => Promise.resolve();
  if (options['dryRun'] !== true)
    throw new Failure('InvalidArgument', {
      message: '--script writes the plan that a dry run makes; it needs --dry-run',
      remedy: `${command} --dry-run --script ${file}`,
    });
  assertHere(environment, '--script');
  return async (plan) => {
    if (plan === undefined) {
      output.note(`There is no plan to write; ${file} was not written`);
      return;
    }
    const { platform } = (await openPlatform(environment, plan.platform)).based(plan.bases);
    const { scriptOfPlan } = await import('../operations/restore/script-of-plan.ts');
    await writeNew(file, scriptOfPlan({ platform, plan, keyFile: environment.keyFile }));
    output.note(`Plan written as a script: ${file}; read it before you run it`);
  };
}

async function writeNew(file: string, script: string): Promise<void> {
  try {
    await writeFile(file, script, { flag: 'wx', mode: 0o700 });
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new Failure(
      'InvalidArgument',
      code === 'EEXIST'
        ? { message: `${file} is there already, and is never overwritten`, remedy: 'Name another file' }
        : { message: `${file} cannot be written: ${code}`, remedy: 'Name a file in a folder where you may write' },
      { cause: error },
    );
  }
}
