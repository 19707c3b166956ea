import { createHash } from 'node:crypto';
import { pageLinks, pageOfRun } from '../../config/environment.ts';
import { loadGatewayFile } from '../../config/gateway-file.ts';
import { loadPlatform } from '../../config/platform-file.ts';
import { redact, redactWords } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';
import {
  isHeartbeat,
  type AnnounceCall,
  type Announced,
  type Announcement,
  type RunEnd,
} from '../../domain/notifications/announcement.ts';
import type { NotificationDocument } from '../../domain/notifications/notification-document.ts';
import { documentOf, occasionOf } from '../../domain/notifications/notification.ts';
import type { Platform } from '../../domain/platform.ts';
import type { StepProgress } from '../../domain/plans/steps.ts';
import type { Watch } from '../../domain/watch.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { failedPreviousBackup, type FailedBackups } from './previous-backup.ts';
import { heartbeatOf, receiversFor } from './receivers.ts';
import { statsdOf } from './statsd.ts';

/** Progress that names who needs no further attempt, so that nobody is notified twice when the call is repeated. */
export interface Settled extends StepProgress {
  /** Place in the platform file → why the receiver was not notified; empty: it was. */
  settled: Record<string, string>;
}

/** What only the orchestrator knows. */
export interface Attempt {
  /** The last progress of an earlier attempt. */
  before: Settled | undefined;
  isLast: boolean;
  failedBackups: FailedBackups;
}

/**
 * Notifies the receivers of what happened, each of them once. Failure: NotificationUndelivered while another attempt may
 * help. The last attempt does not fail: its answer says which receivers were missed.
 */
export async function announce(
  dependencies: Dependencies,
  { platform: name, announcement, only }: AnnounceCall,
  { before, isLast, failedBackups }: Attempt,
  { signal, onProgress }: Required<Watch>,
): Promise<Announced> {
  const { environment } = dependencies;
  const { platform } = await loadPlatform(environment.platformsFolder, name, environment.variables);
  const settled = { ...before?.settled };
  const open: Record<string, string> = {};
  const settle = (place: string, note: string) => {
    settled[place] = note;
    onProgress(progressOf(settled));
  };
  const learned: string[] = [];
  const document = await documentFor(dependencies, platform, announcement, failedBackups, (note) => learned.push(note));
  const receivers = [
    ...(document ? receiversFor(platform, document, environment.variables) : []),
    ...(isHeartbeat(announcement) ? heartbeatOf(platform, environment.variables) : []),
    ...statsdOf(dependencies, platform, announcement, document),
  ];
  onProgress(progressOf(settled));
  await Promise.all(
    receivers
      .filter(({ place }) => !(place in settled) && (only === undefined || only.includes(place)))
      .map(async ({ place, tell }) => {
        const { who, receipt } = await tell(signal);
        const note = receipt.taken ? '' : `${who} was not notified of ${nameOf(announcement)}: ${receipt.why}`;
        if (receipt.taken || !receipt.again) settle(place, note);
        else open[place] = note;
      }),
  );
  const notes = [...learned, ...Object.values(settled), ...Object.values(open)].filter((note) => note !== '');
  if (Object.keys(open).length > 0 && !isLast)
    throw new Failure('NotificationUndelivered', { message: notes.join('; '), remedy: remedyOf(open) });
  return { notes, missed: Object.keys(open) };
}

function progressOf(settled: Record<string, string>): Settled {
  const done = Object.keys(settled).length;
  return { done, total: 0, unit: 'receivers', note: 'notifying receivers', settled: { ...settled } };
}

const remedyOf = (open: Record<string, string>) =>
  `Check that the servers of ${Object.keys(open).join(', ')} in the platform file run; the notification is retried`;

function nameOf(announcement: Announcement): string {
  if (announcement.what === 'readiness') return `that it is ${announcement.verdict}`;
  if (announcement.what === 'freshness') return `"${announcement.event}"`;
  return announcement.what === 'waiting'
    ? `${announcement.run}, which waits for a person`
    : `the end of ${announcement.run}`;
}

/** The document, free of every secret that this process has read; undefined when there is nothing to report. */
async function documentFor(
  dependencies: Dependencies,
  platform: Platform,
  announcement: Announcement,
  failedBackups: FailedBackups,
  onNote: (note: string) => void,
): Promise<NotificationDocument | undefined> {
  const wanted = platform.notifications.some(({ events }) => events.includes('recovery')) || platform.metrics.statsd;
  const failedBefore =
    wanted && isHeartbeat(announcement)
      ? await findFailedBefore(dependencies, platform, announcement as RunEnd, failedBackups).catch(
          (error: unknown) => {
            onNote(`It is not known whether the backup before this one failed: ${(error as Error).message}`);
            return undefined;
          },
        )
      : undefined;
  const { environment } = dependencies;
  // A gateway's file with a mistake costs the link alone: the gateway reports it.
  const { url } = await loadGatewayFile(environment).catch(() => environment);
  const links = { temporal: pageOfRun(environment), page: pageLinks(url) };
  const document = documentOf({ platform: platform.platform, announcement, failedBefore, links });
  if (document === undefined) return undefined;
  const id = createHash('sha256').update(occasionOf(platform.platform, announcement)).digest('hex').slice(0, 32);
  return { ...redactWords(document), id, text: redact(document.text) };
}

async function findFailedBefore(
  dependencies: Dependencies,
  { platform }: Platform,
  end: RunEnd,
  failedBackups: FailedBackups,
) {
  const { catalogue } = await openPlatform(dependencies, platform);
  return failedPreviousBackup(catalogue, platform, end, failedBackups);
}
