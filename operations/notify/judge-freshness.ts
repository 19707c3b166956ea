import { hostTaskQueue } from '../../config/environment.ts';
import { loadPlatform } from '../../config/platform-file.ts';
import { announcesOf } from '../../domain/notifications/announcement.ts';
import { datagramsOf, metricsOfPoints } from '../../domain/notifications/statsd.ts';
import type { Platform } from '../../domain/platform.ts';
import {
  judgeFreshness as judge,
  type CatalogueObservation,
  type FreshnessCall,
  type FreshnessJudged,
  type FreshnessNews,
} from '../../domain/status/freshness.ts';
import { lastSkippedOf, skippedWords } from '../../domain/status/last-runs.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import type { Catalogue } from '../../systems/catalogue/catalogue.ts';
import { sendDatagrams } from '../../systems/statsd.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { figuresOfPoint, newestPointOf } from '../recovery-points/point-figures.ts';

/**
 * Finds the newest good recovery point, from keys alone, and judges its age. A catalogue that cannot be read is not a
 * failure but an observation. Failures: those of the platform file.
 */
export async function judgeFreshness(
  dependencies: Dependencies,
  { platform: name, last, outOfReach }: FreshnessCall,
): Promise<FreshnessJudged> {
  const { environment } = dependencies;
  const { platform } = await loadPlatform(environment.platformsFolder, name, environment.variables);
  const host = platform.deployment.host ?? environment.host;
  if (outOfReach === undefined && platform.catalogue.kind === 'directory' && host !== environment.host)
    return { elsewhere: hostTaskQueue(environment.taskQueue, host) };
  const observation = outOfReach === undefined ? await observeCatalogue(dependencies, platform) : { outOfReach };
  const now = new Date().toISOString();
  const { recoveryPointMinutes: objectiveMinutes } = platform.objectives;
  const { next, news } = judge({ objectiveMinutes, observation, last, now });
  return news && hasReceivers(platform, news) ? { next, news } : { next };
}

function hasReceivers(platform: Platform, { event }: FreshnessNews): boolean {
  const announces = announcesOf(platform);
  return announces?.events.includes(event) === true || platform.metrics.statsd?.dialect === 'dogstatsd';
}

async function observeCatalogue(dependencies: Dependencies, platform: Platform): Promise<CatalogueObservation> {
  try {
    const { catalogue } = await openPlatform(dependencies, platform.platform);
    const point = await newestPointOf(catalogue, platform);
    const { statsd } = platform.metrics;
    // The age grows between backups, and the metric must show it.
    if (statsd && point)
      await sendDatagrams(statsd, datagramsOf(statsd, metricsOfPoints(platform.platform, figuresOfPoint(point))));
    const skipped = await whySkipped(catalogue, point?.startedAt);
    return {
      newest: point && { id: point.id, startedAt: point.startedAt },
      ...(skipped !== undefined && { skipped }),
    };
  } catch (error) {
    return { outOfReach: `the catalogue cannot be read: ${(error as Error).message}` };
  }
}

/** Why the last backup after `since` was skipped; undefined: it was not. */
async function whySkipped(catalogue: Catalogue, since: string | undefined): Promise<string | undefined> {
  const last = lastSkippedOf(await catalogue.listOutcomes(since));
  if (last === undefined) return undefined;
  const report = (await catalogue.readReport(last.run).catch(() => undefined)) as RunProgress | undefined;
  return skippedWords(last, report?.note);
}
