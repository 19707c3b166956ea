import type { Announcement, RunEnd } from '../../domain/notifications/announcement.ts';
import type { NotificationDocument } from '../../domain/notifications/notification-document.ts';
import { concernsStatsd, datagramsOf, metricsOfEnd, type Metric } from '../../domain/notifications/statsd.ts';
import type { Platform } from '../../domain/platform.ts';
import { sendDatagrams } from '../../systems/statsd.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { figuresOf } from '../recovery-points/point-figures.ts';
import type { Receiver } from './receivers.ts';

/** Sent once: StatsD acknowledges nothing, so a second attempt is not worth it. */
export function statsdOf(
  dependencies: Dependencies,
  platform: Platform,
  announcement: Announcement,
  document: NotificationDocument | undefined,
): Receiver[] {
  const { statsd } = platform.metrics;
  if (!statsd || !concernsStatsd(statsd, announcement)) return [];
  const place = 'metrics.statsd';
  return [
    {
      place,
      async tell() {
        const metrics = announcement.what === 'end' ? await metricsFor(dependencies, platform, announcement) : [];
        const why = await sendDatagrams(statsd, datagramsOf(statsd, metrics, document));
        return { who: place, receipt: why === undefined ? { taken: true } : { taken: false, why, again: false } };
      },
    },
  ];
}

/** Without the catalogue, only what is known of the run itself. */
async function metricsFor(dependencies: Dependencies, platform: Platform, end: RunEnd): Promise<Metric[]> {
  const figures = await openPlatform(dependencies, platform.platform)
    .then(({ catalogue }) => figuresOf(catalogue, platform))
    .catch(() => ({}));
  return metricsOfEnd(platform.platform, end, figures);
}
