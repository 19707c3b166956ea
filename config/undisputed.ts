import path from 'node:path';
import { Failure } from '../domain/failures.ts';
import type { HostName, Platform, PlatformName } from '../domain/platform.ts';
import { sharedPlace } from '../domain/shared-places.ts';
import { findPlatformFile, listPlatforms, loadPlatform, type LoadedPlatform } from './platform-file.ts';

/**
 * That no other file of the folder names what this platform calls its own. A file that cannot be used takes nothing away;
 * it is refused when its own platform is. `load`: of whoever asks again and again, and reads no file twice (see
 * platform-loader.ts). Failure: InvalidPlatformFile, with both files.
 */
export async function assertUndisputed(
  folder: string,
  platform: Platform,
  {
    environment,
    host,
    load = (name) => loadPlatform(folder, name, environment),
  }: { environment: NodeJS.ProcessEnv; host: HostName; load?: (name: PlatformName) => Promise<LoadedPlatform> },
): Promise<void> {
  const others = (await listPlatforms(folder)).filter((name) => name !== platform.platform);
  for (const name of others) {
    const other = await load(name).catch(() => undefined);
    const shared = other && sharedPlace(platform, other.platform, host);
    if (shared === undefined) continue;
    const file = await findPlatformFile(folder, name);
    const own = await findPlatformFile(folder, platform.platform);
    throw new Failure('InvalidPlatformFile', {
      message: `${own} and ${path.basename(file)} both name ${shared}: two platforms cannot share it`,
      remedy: 'Give each platform its own, or move one of the two files out of the folder',
    });
  }
}
