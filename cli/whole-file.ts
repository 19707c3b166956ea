import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../domain/failures.ts';

/**
 * Replaces what is there, and never half: whoever reads the file meanwhile has the old one. `option`: where the file's name
 * was given. Failure: InvalidArgument.
 */
export async function writeWhole(option: string, file: string, content: string, mode = 0o644): Promise<void> {
  const beside = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await writeFile(beside, content, { flag: 'wx', mode });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw unwritable(option, file, error);
  }
}

export function unwritable(option: string, path: string, error: unknown): Failure {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return new Failure(
    'InvalidArgument',
    {
      message: `${option} ${path} cannot be written: ${code}`,
      remedy: 'Name a place in a folder that exists, where you may write',
    },
    { cause: error },
  );
}
