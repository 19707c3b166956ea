import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../domain/failures.ts';
import type { HostName, Platform } from '../domain/platform.ts';
import { sharedPlace } from '../domain/shared-places.ts';
import { findPlatformFile, listPlatforms, parsePlatform } from './platform-file.ts';

/**
 * That no other file of the folder names what this platform calls its own. A file that cannot be used takes nothing away;
 * it is refused when its own platform is. Failure: InvalidPlatformFile, with both files.
 */
export async function assertUndisputed(
  folder: string,
  platform: Platform,
  { environment, host }: { environment: NodeJS.ProcessEnv; host: HostName },
): Promise<void> {
  const others = (await listPlatforms(folder)).filter((name) => name !== platform.platform);
  for (const name of others) {
    const file = await findPlatformFile(folder, name);
    const other = await readIfValid(file, environment);
    const shared = other && sharedPlace(platform, other, host);
    if (shared === undefined) continue;
    const own = await findPlatformFile(folder, platform.platform);
    throw new Failure('InvalidPlatformFile', {
      message: `${own} and ${path.basename(file)} both name ${shared}: two platforms cannot share it`,
      remedy: 'Give each platform its own, or move one of the two files out of the folder',
    });
  }
}

async function readIfValid(file: string, environment: NodeJS.ProcessEnv): Promise<Platform | undefined> {
  try {
    return parsePlatform(await readFile(file, 'utf8'), file, environment);
  } catch {
    return undefined;
  }
}
