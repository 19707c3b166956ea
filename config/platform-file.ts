import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../domain/failures.ts';
import type { Platform, PlatformName } from '../domain/platform.ts';
import { invalidFile, parseChecked } from './checked-yaml.ts';
import { nearest } from './nearest.ts';
import { platformSchema } from './platform-schema.ts';

/** A platform with the hash of the text it was read from (before `${NAME}` took its value). */
export interface LoadedPlatform {
  platform: Platform;
  fileHash: string;
  /** As it was written. */
  text: string;
}

/**
 * Reads `<folder>/<name>.yaml`. Failures: UnknownPlatform (with the names there are), InvalidPlatformFile (all faults
 * at once, each with its path).
 */
export async function loadPlatform(
  folder: string,
  name: PlatformName,
  environment: NodeJS.ProcessEnv,
): Promise<LoadedPlatform> {
  const file = await findPlatformFile(folder, name);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(file, [`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`]);
  });
  const platform = parsePlatform(text, file, environment);
  if (platform.platform !== name)
    throw invalid(file, [
      `platform: the file is called ${path.basename(file)} but names the platform "${platform.platform}"`,
    ]);
  return { platform, fileHash: createHash('sha256').update(text).digest('hex'), text };
}

/** The names of all platform files in the folder; none when there is no such folder. */
export async function listPlatforms(folder: string): Promise<PlatformName[]> {
  return readPlatformsFolder(folder).catch(() => []);
}

/** The names of all platform files in the folder. Failure: InvalidArgument when it cannot be read. */
export async function readPlatformsFolder(folder: string): Promise<PlatformName[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new Failure('InvalidArgument', {
      message: `The folder of platform files, ${folder}, cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      remedy: 'Create it, give the user that runs Rekindle access to it, or point REKINDLE_PLATFORMS at another',
    });
  });
  return [...new Set(entries.flatMap((entry) => /^(.+)\.ya?ml$/.exec(entry)?.[1] ?? []))].toSorted();
}

/** Where its file may be; nowhere for a name that would lead out of the folder. */
export function platformFilesOf(folder: string, name: PlatformName): string[] {
  return name.includes('/') ? [] : ['yaml', 'yml'].map((ending) => path.join(folder, `${name}.${ending}`));
}

/** Failure: UnknownPlatform, with the names there are. */
export async function findPlatformFile(folder: string, name: PlatformName): Promise<string> {
  for (const file of platformFilesOf(folder, name)) if (await lstat(file).catch(() => undefined)) return file;
  const known = await listPlatforms(folder);
  const near = nearest(name, known);
  throw new Failure('UnknownPlatform', {
    message: `There is no platform file "${name}.yaml" in ${folder}`,
    remedy:
      known.length === 0
        ? 'Write one (docs/reference/platform-file.md shows the keys), or point REKINDLE_PLATFORMS at the folder that holds them'
        : `${near === undefined ? '' : `did you mean "${near}"? `}known platforms: ${known.join(', ')}`,
  });
}

/** Parses and validates; exported for tests and editors' checks. */
export function parsePlatform(text: string, file: string, environment: NodeJS.ProcessEnv): Platform {
  return parseChecked(text, file, platformFile, environment);
}

const platformFile = {
  schema: platformSchema,
  called: 'a platform file',
  failure: 'InvalidPlatformFile',
  remedy:
    'Fix the lines above; docs/reference/platform-file.md lists every key, docs/platform.schema.json serves editors',
} as const;

const invalid = (file: string, faults: string[]) => invalidFile(file, platformFile, faults);
