import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { Failure } from '../../domain/failures.ts';
import type { Converted } from './convert.ts';

/** Where the secrets of the old tool's file go: next to the platform files, for their owner alone. */
export const secretsFolder = (platformsFolder: string, name: string): string =>
  path.join(platformsFolder, `${name}.secrets`);

/** Writes platform files and secrets; nothing is overwritten. Answers what was written. Failure: InvalidArgument. */
export async function writePlatforms(folder: string, name: string, converted: Converted): Promise<string[]> {
  const secrets = secretsFolder(folder, name);
  const files = [
    ...Object.entries(converted.secrets).map(([secret, text]) => ({
      file: path.join(secrets, secret),
      text,
      mode: 0o600,
    })),
    ...Object.entries(converted.platforms).map(([side, platform]) => ({
      file: path.join(folder, `${name}-${side}.yaml`),
      text: stringify(platform),
      mode: 0o644,
    })),
  ];
  await mkdir(folder, { recursive: true });
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  for (const { file, text, mode } of files) {
    try {
      await writeFile(file, text, { mode, flag: 'wx' });
    } catch (error) {
      throw new Failure(
        'InvalidArgument',
        {
          message: `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}); written so far: ${written.join(', ') || 'nothing'}`,
          remedy:
            'Move what is there out of the way, or give the folder of platform files to the user that runs Rekindle',
        },
        { cause: error },
      );
    }
    written.push(file);
  }
  return written;
}
