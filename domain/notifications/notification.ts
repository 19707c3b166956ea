import { eventOfEnd, type Announcement, type RunEnd, type RunWaits } from './announcement.ts';
import type { NotificationDocument } from './notification-document.ts';
import {
  commandOf,
  endText,
  freshnessText,
  oneLine,
  readinessText,
  shellWord,
  waitingText,
  type FailedBefore,
} from './notification-text.ts';
import type { NotificationEvent, PlatformName } from '../platform.ts';
import type { QuarantineState } from '../runs/progress.ts';

export interface Occasion {
  platform: PlatformName;
  announcement: Announcement;
  /** The backup before this one, when it ended badly. */
  failedBefore?: FailedBefore;
  links?: Links;
}

/** Where people look; each absent where it is not known. */
export interface Links {
  /** A run in Temporal's UI. */
  temporal?: (run: string) => string;
  /** Rekindle's own page of a run or a platform. */
  page?: { run: (run: string) => string; platform: (platform: PlatformName) => string };
}

/** All of the document but its id, which is a digest of `occasionOf`; undefined: nothing to announce. */
export function documentOf(occasion: Occasion): Omit<NotificationDocument, 'id'> | undefined {
  const { platform, announcement } = occasion;
  const common = (event: NotificationEvent, at: string, text: string) => ({
    version: 1 as const,
    event,
    platform,
    at,
    text: oneLine(`[${platform}] ${text}`),
  });
  if (announcement.what === 'freshness') {
    const { event, at, staleSince, reminder, objectiveMinutes, newest, reason, skipped } = announcement;
    const freshness = {
      staleSince,
      reminder,
      objectiveMinutes,
      ...(newest && { newest }),
      ...(reason !== undefined && { reason }),
      ...(skipped !== undefined && { skipped }),
    };
    const over = event === 'recovery' && { recoveredFrom: { staleSince } };
    return { ...common(event, at, freshnessText(announcement)), freshness, ...over, ...linksOf(occasion) };
  }
  if (announcement.what === 'readiness') {
    const { what: _, at, ...readiness } = announcement;
    return { ...common('readiness', at, readinessText(announcement)), readiness, ...linksOf(occasion) };
  }
  const links = linksOf(occasion);
  if (announcement.what === 'waiting')
    return {
      ...common('waiting', announcement.since, waitingText(announcement)),
      run: runOf(announcement),
      waiting: waitingOf(announcement),
      ...('failure' in announcement.waitsFor && { failure: announcement.waitsFor.failure }),
      ...links,
    };
  const event = eventOfEnd(announcement, occasion.failedBefore !== undefined);
  if (event === undefined) return undefined;
  return {
    ...common(event, announcement.finishedAt, endText(announcement, occasion.failedBefore)),
    run: runOf(announcement),
    ...(announcement.failure && { failure: announcement.failure }),
    ...(announcement.quarantine && { quarantine: quarantineOf(announcement, announcement.quarantine) }),
    ...(event === 'recovery' && occasion.failedBefore && { recoveredFrom: failedRun(occasion.failedBefore) }),
    ...links,
  };
}

function linksOf({ platform, announcement, links = {} }: Occasion): Pick<NotificationDocument, 'links'> {
  const { temporal, page } = links;
  if (announcement.what === 'freshness' || announcement.what === 'readiness')
    return page ? { links: { page: page.platform(platform) } } : {};
  const { run } = announcement;
  return temporal || page
    ? { links: { ...(temporal && { run: temporal(run) }), ...(page && { page: page.run(run) }) } }
    : {};
}

/** Identifies a document: equal when the same thing is announced again. */
export function occasionOf(platform: PlatformName, announcement: Announcement): string {
  const at = { end: 'finishedAt', waiting: 'since', freshness: 'at', readiness: 'at' } as const;
  const { what } = announcement;
  const subject = subjectOf(announcement);
  return [what, platform, subject, (announcement as unknown as Record<string, string>)[at[what]]].join('\n');
}

function subjectOf(announcement: Announcement): string {
  switch (announcement.what) {
    case 'freshness':
      return announcement.event;
    case 'readiness':
      return announcement.verdict;
    case 'end':
      return announcement.run;
    case 'waiting':
      return waitingSubject(announcement);
  }
}

const waitingSubject = ({ run, waitsFor }: RunWaits) =>
  `${run}\n${waitsFor.for === 'approval' ? waitsFor.planHash : waitsFor.for === 'decision' ? waitsFor.step : waitsFor.for}`;

function runOf(announcement: RunEnd | RunWaits): NonNullable<NotificationDocument['run']> {
  const { run: id, kind, phase, startedAt, startedBy, recoveryPoint } = announcement;
  const finishedAt = announcement.what === 'end' ? announcement.finishedAt : undefined;
  return {
    id,
    kind,
    phase,
    startedAt,
    ...(startedBy && { startedBy }),
    ...(finishedAt !== undefined && { finishedAt, durationSeconds: secondsBetween(startedAt, finishedAt) }),
    // Of a backup that failed it is only a name.
    ...(recoveryPoint !== undefined && (kind !== 'backup' || phase === 'passed') && { recoveryPoint }),
  };
}

const failedRun = ({ run, finishedAt, failure }: FailedBefore) => ({
  run,
  ...(failure !== undefined && { kind: failure }),
  at: finishedAt,
});

function quarantineOf(
  { run, phase }: RunEnd,
  { volumes, releaseAt }: QuarantineState,
): NonNullable<NotificationDocument['quarantine']> {
  const choices = phase === 'rolled back' ? ['release'] : ['rollback', 'release'];
  const restore = shellWord(run.replace(/^quarantine\//, ''));
  return {
    volumes,
    ...(releaseAt !== undefined && { keptUntil: releaseAt }),
    commands: choices.map((choice) => `rekindle ${choice} ${restore}`),
  };
}

function waitingOf({ run, since, waitsFor }: RunWaits): NonNullable<NotificationDocument['waiting']> {
  if (waitsFor.for === 'repair')
    return { for: 'repair', since, who: { approvers: [], needed: 0, approvedBy: [] }, answers: [] };
  if (waitsFor.for === 'decision')
    return {
      for: 'decision',
      since,
      step: waitsFor.step,
      who: { approvers: [], needed: 1, approvedBy: [] },
      answers: waitsFor.choices.map((offered) => ({ ...offered, command: commandOf(offered.choice, run, waitsFor) })),
    };
  const { planHash, summary, approvers, approvalsNeeded, approvedBy, until, downtimeSeconds } = waitsFor;
  return {
    for: 'approval',
    since,
    until,
    planHash,
    summary,
    ...(downtimeSeconds !== undefined && { downtimeSeconds }),
    who: { approvers, needed: approvalsNeeded, approvedBy },
    answers: [
      { choice: 'approve', meaning: 'the plan is carried out', command: commandOf('approve', run, waitsFor) },
      { choice: 'reject', meaning: 'the run ends, nothing is touched', command: commandOf('reject', run, waitsFor) },
    ],
  };
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
