import { hostTaskQueue } from '../config/environment.ts';
import { loadPlatform } from '../config/platform-file.ts';
import { announcesOf } from '../domain/notifications/announcement.ts';
import {
  judgeFreshness,
  type Freshness,
  type FreshnessNews,
  type CatalogueObservation,
} from '../domain/status/freshness.ts';
import type { Platform, PlatformName } from '../domain/platform.ts';
import { datagramsOf, metricsOfPoints } from '../domain/notifications/statsd.ts';
import { sendDatagrams } from '../systems/statsd.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies } from '../operations/open-platform.ts';
import { figuresOfPoint, newestPointOf } from '../operations/recovery-points/point-figures.ts';

export interface FreshnessCall {
  platform: PlatformName;
  last?: Freshness;
  /** The worker that could read the catalogue does not answer. */
  outOfReach?: string;
}

/** `elsewhere`: the task queue of the worker on whose disk the catalogue lies. */
export type FreshnessJudged = { next: Freshness; news?: FreshnessNews } | { elsewhere: string };

export function freshnessActivities(dependencies: Dependencies) {
  const { environment } = dependencies;
  return {
    /**
     * Looks at the newest good recovery point, from keys alone, and judges it. A catalogue that cannot be read is no
     * failure but something that was seen. Failures: those of the platform file.
     */
    judgeFreshness: activity(async ({ platform: name, last, outOfReach }: FreshnessCall): Promise<FreshnessJudged> => {
      const { platform } = await loadPlatform(environment.platformsFolder, name, environment.variables);
      const host = platform.deployment.host ?? environment.host;
      if (outOfReach === undefined && platform.catalogue.kind === 'directory' && host !== environment.host)
        return { elsewhere: hostTaskQueue(environment.taskQueue, host) };
      const look = outOfReach === undefined ? await lookAt(dependencies, platform) : { outOfReach };
      const now = new Date().toISOString();
      const { recoveryPointMinutes: objectiveMinutes } = platform.objectives;
      const { next, news } = judgeFreshness({ objectiveMinutes, look, last, now });
      return news && isToldToAnybody(platform, news) ? { next, news } : { next };
    }),
  };
}

function isToldToAnybody(platform: Platform, { event }: FreshnessNews): boolean {
  const announces = announcesOf(platform);
  return announces?.events.includes(event) === true || platform.metrics.statsd?.dialect === 'dogstatsd';
}

async function lookAt(dependencies: Dependencies, platform: Platform): Promise<CatalogueObservation> {
  try {
    const { catalogue } = await openPlatform(dependencies, platform.platform);
    const point = await newestPointOf(catalogue, platform);
    const { statsd } = platform.metrics;
    // Between backups the age grows: who watches it must see that.
    if (statsd && point)
      await sendDatagrams(statsd, datagramsOf(statsd, metricsOfPoints(platform.platform, figuresOfPoint(point))));
    return { newest: point && { id: point.id, startedAt: point.startedAt } };
  } catch (error) {
    return { outOfReach: `the catalogue cannot be read: ${(error as Error).message}` };
  }
}
