import pLimit from 'p-limit';
import { hostTaskQueue } from '../../config/environment.ts';
import { redact } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import { short } from '../../domain/fleet/outcome.ts';
import { repositoriesOf } from '../../domain/fleet/repositories.ts';
import type { Surveyed } from '../../domain/fleet/waves.ts';
import type { PlatformName } from '../../domain/platform.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';

/** Catalogues that are read at the same time. */
const atOnce = 8;
const recentMs = 7 * 24 * 3_600_000;

/**
 * Where each platform stands, what its backups are read from, and how large its newest good recovery point is. Needs no
 * Docker engine. A platform file that cannot be used is the platform's trouble; a catalogue that gives no answer leaves
 * the size unknown, for the restore itself will say what is wrong.
 */
export function surveyPlatforms(
  dependencies: Dependencies,
  platforms: readonly PlatformName[],
  signal?: AbortSignal,
): Promise<Surveyed[]> {
  const limit = pLimit(atOnce);
  return limit.map([...platforms], (platform) => {
    signal?.throwIfAborted();
    return survey(dependencies, platform);
  });
}

async function survey(dependencies: Dependencies, name: PlatformName): Promise<Surveyed> {
  const { taskQueue, host: ownHost } = dependencies.environment;
  try {
    const { platform, host, catalogue } = await openPlatform(dependencies, name);
    const since = new Date(Date.now() - recentMs).toISOString();
    const newest = await catalogue.newestPoint(since).catch(() => undefined);
    return {
      platform: name,
      host,
      taskQueue: hostTaskQueue(taskQueue, host),
      repositories: repositoriesOf(platform, host),
      ...(newest && { bytes: newest.totalBytes }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const trouble = short(redact(`${error.kind}: ${error.message}`));
    return { platform: name, host: ownHost, taskQueue: hostTaskQueue(taskQueue, ownHost), repositories: [], trouble };
  }
}
