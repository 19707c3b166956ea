import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { convert } from '../config/es-s3-snapshot/convert.ts';
import { secretsFolder, writePlatforms } from '../config/es-s3-snapshot/write-platforms.ts';
import { Failure } from '../domain/failures.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Makes platform files of the old tool's configuration file; starts nothing. Failure: InvalidArgument. */
export async function copyFromConfig({ environment, output }: CommandContext, file: string): CommandResult {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure('InvalidArgument', {
      message: `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      remedy: 'Name the configuration file of es-s3-snapshot',
    });
  });
  const name = path
    .basename(file)
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^a-z0-9._-]/gi, '-');
  const folder = path.resolve(environment.platformsFolder);
  const converted = convert(text, { name, secretFile: (secret) => path.join(secretsFolder(folder, name), secret) });
  const written = await writePlatforms(folder, name, converted);
  const { understood, remarks, indices, platforms } = converted;
  const next =
    platforms.source && platforms.destination
      ? `rekindle copy ${name}-source ${name}-destination --new-backup${indices.length > 0 ? ` --indices ${indices.join(',')}` : ''}`
      : `rekindle validate ${name}-${platforms.source ? 'source' : 'destination'}`;
  output.document({ understood, remarks, written, next });
  output.say(
    [
      'Understood:',
      ...understood.map((line) => `  ${line}`),
      'Written:',
      ...written.map((line) => `  ${line}`),
      ...(remarks.length > 0 ? ['Look at:', ...remarks.map((line) => `  ${line}`)] : []),
      `Next: ${next}`,
    ].join('\n'),
  );
  return exitCodes.passed;
}
