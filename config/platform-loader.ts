import { stat } from 'node:fs/promises';
import type { PlatformName } from '../domain/platform.ts';
import { loadPlatform, platformFilesOf, type LoadedPlatform } from './platform-file.ts';

/**
 * Loads platform files again and again, as `loadPlatform` does; one that did not change since is not read again: with a
 * thousand of them, parsing would cost seconds each time.
 */
export function platformLoader(
  folder: string,
  variables: NodeJS.ProcessEnv,
): (name: PlatformName) => Promise<LoadedPlatform> {
  const kept = new Map<PlatformName, { stamp: string; loaded: Promise<LoadedPlatform> }>();
  return async (name) => {
    // Taken first: what changes while it is read is read again next time.
    const stamp = await stampOf(platformFilesOf(folder, name));
    const last = kept.get(name);
    if (last && last.stamp === stamp) return last.loaded;
    kept.delete(name);
    const loaded = loadPlatform(folder, name, variables);
    if (stamp === undefined) return loaded;
    // Also for those who ask while it is read; what cannot be read is tried again.
    const entry = { stamp, loaded };
    kept.set(name, entry);
    loaded.catch(() => kept.get(name) === entry && kept.delete(name));
    return loaded;
  };
}

async function stampOf(files: string[]): Promise<string | undefined> {
  for (const file of files) {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    if (found) return [file, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
  }
  return undefined;
}
