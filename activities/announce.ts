import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { pageOfRun } from '../config/environment.ts';
import { loadPlatform } from '../config/platform-file.ts';
import { redact, redactWords } from '../config/redaction.ts';
import {
  isHeartbeat,
  type AnnounceCall,
  type Announced,
  type Announcement,
  type RunEnd,
} from '../domain/notifications/announcement.ts';
import { Failure } from '../domain/failures.ts';
import { documentOf, occasionOf, type NotificationDocument } from '../domain/notifications/notification.ts';
import type { Platform } from '../domain/platform.ts';
import { concernsStatsd, datagramsOf, metricsOfEnd, type Metric } from '../domain/notifications/statsd.ts';
import type { StepProgress } from '../domain/plans/steps.ts';
import type { Catalogue } from '../systems/catalogue/catalogue.ts';
import { sendDatagrams } from '../systems/statsd.ts';
import { activity } from './activity.ts';
import { failedPreviousBackup } from './previous-backup.ts';
import { openPlatform, type Dependencies } from '../operations/open-platform.ts';
import { figuresOf } from '../operations/recovery-points/point-figures.ts';
import { heartbeatOf, webhooksFor, type Receiver } from '../operations/notify/receivers.ts';

/** The heartbeat's details: who needs no further attempt, so that nobody is told twice when another one is. */
interface Settled extends StepProgress {
  /** Place in the platform file → why it was not told; empty: it was. */
  settled: Record<string, string>;
}

/** Tells receivers what happened. Each is told once, however often this is tried for the sake of another one. */
export function announceActivities(dependencies: Dependencies) {
  return {
    /**
     * Failure: NotificationUndelivered while another attempt may help. The last attempt fails no more: what could not be
     * told is in its answer.
     */
    announce: activity(
      async ({ platform: name, announcement, only }: AnnounceCall, { signal, onProgress }): Promise<Announced> => {
        const { environment } = dependencies;
        const { platform } = await loadPlatform(environment.platformsFolder, name, environment.variables);
        const settled = { ...(Context.current().info.heartbeatDetails as Settled | undefined)?.settled };
        const open: Record<string, string> = {};
        const settle = (place: string, note: string) => {
          settled[place] = note;
          onProgress(settledProgress(settled));
        };
        const learned: string[] = [];
        const document = await documentFor(dependencies, platform, announcement, (note) => learned.push(note));
        const receivers = [
          ...(document ? webhooksFor(platform, document, environment.variables) : []),
          ...(isHeartbeat(announcement) ? heartbeatOf(platform, environment.variables) : []),
          ...statsdOf(dependencies, platform, announcement, document),
        ];
        onProgress(settledProgress(settled));
        await Promise.all(
          receivers
            .filter(({ place }) => !(place in settled) && (only === undefined || only.includes(place)))
            .map(async ({ place, tell }) => {
              const { who, receipt } = await tell(signal);
              if (receipt.taken) settle(place, '');
              else if (receipt.again) open[place] = `${who} was not told of ${nameOf(announcement)}: ${receipt.why}`;
              else settle(place, `${who} was not told of ${nameOf(announcement)}: ${receipt.why}`);
            }),
        );
        const notes = [...learned, ...Object.values(settled), ...Object.values(open)].filter((note) => note !== '');
        if (Object.keys(open).length > 0 && !isLastAttempt())
          throw new Failure('NotificationUndelivered', { message: notes.join('; '), remedy: remedyOf(open) });
        return { notes, missed: Object.keys(open) };
      },
    ),
  };
}

function settledProgress(settled: Record<string, string>): Settled {
  const done = Object.keys(settled).length;
  return { done, total: 0, unit: 'receivers', note: 'receivers are told', settled: { ...settled } };
}

function isLastAttempt(): boolean {
  const { attempt, retryPolicy } = Context.current().info;
  return retryPolicy?.maximumAttempts !== undefined && attempt >= retryPolicy.maximumAttempts;
}

const remedyOf = (open: Record<string, string>) =>
  `see whether the servers of ${Object.keys(open).join(', ')} in the platform file run; they are tried again`;

function nameOf(announcement: Announcement): string {
  if (announcement.what === 'freshness') return `"${announcement.event}"`;
  return announcement.what === 'waiting'
    ? `${announcement.run}, which waits for a person`
    : `the end of ${announcement.run}`;
}

/** The document, free of every secret that this process has read; undefined when there is nothing to tell. */
async function documentFor(
  dependencies: Dependencies,
  platform: Platform,
  announcement: Announcement,
  onNote: (note: string) => void,
): Promise<NotificationDocument | undefined> {
  const wanted = platform.notifications.some(({ events }) => events.includes('recovery')) || platform.metrics.statsd;
  const failedBefore =
    wanted && isHeartbeat(announcement)
      ? await withCatalogue(dependencies, platform, (catalogue) =>
          failedPreviousBackup(catalogue, platform.platform, announcement as RunEnd),
        ).catch((error: unknown) => {
          onNote(`whether the backup before this one failed could not be told: ${(error as Error).message}`);
          return undefined;
        })
      : undefined;
  const pageOf = pageOfRun(dependencies.environment);
  const occasion = { platform: platform.platform, announcement, failedBefore, pageOf };
  const document = documentOf(occasion);
  if (document === undefined) return undefined;
  const id = createHash('sha256').update(occasionOf(platform.platform, announcement)).digest('hex').slice(0, 32);
  return { ...redactWords(document), id, text: redact(document.text) };
}

async function withCatalogue<T>(
  dependencies: Dependencies,
  { platform }: Platform,
  look: (catalogue: Catalogue) => Promise<T>,
): Promise<T> {
  const { catalogue } = await openPlatform(dependencies, platform);
  return look(catalogue);
}

/** Sent once: what nobody acknowledges is not worth a second attempt. */
function statsdOf(
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

/** Without the catalogue what is known of the run itself. */
async function metricsFor(dependencies: Dependencies, platform: Platform, end: RunEnd): Promise<Metric[]> {
  const figures = await withCatalogue(dependencies, platform, (catalogue) => figuresOf(catalogue, platform)).catch(
    () => ({}),
  );
  return metricsOfEnd(platform.platform, end, figures);
}
