import { eventOfEnd, type Announcement, type RunEnd, type RunWaits } from './announcement.ts';
import type { FreshnessNews } from '../status/freshness.ts';
import {
  commandOf,
  endText,
  freshnessText,
  oneLine,
  shellWord,
  waitingText,
  type FailedBefore,
} from './notification-text.ts';
import type { NotificationEvent, PlatformName } from '../platform.ts';
import type { Phase, QuarantineState, RunProgress } from '../runs/progress.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';

/** What a webhook receives as JSON. Fields are added, never renamed; `version` changes when that cannot be kept. */
export interface NotificationDocument {
  version: 1;
  /** The same whenever this document is sent again; also in the header `Idempotency-Key`. */
  id: string;
  event: NotificationEvent;
  platform: PlatformName;
  /** When it happened. ISO 8601, UTC, as everywhere. */
  at: string;
  /** One line for people; what chat tools show. */
  text: string;
  run?: {
    id: string;
    kind: RunProgress['kind'];
    phase: Phase;
    startedAt: string;
    finishedAt?: string;
    durationSeconds?: number;
    recoveryPoint?: RecoveryPointId;
  };
  failure?: { kind: string; message: string; remedy: string };
  waiting?: {
    for: 'approval' | 'decision' | 'repair';
    since: string;
    /** When it ends without an answer; absent: it waits until someone answers. */
    until?: string;
    planHash?: string;
    downtimeSeconds?: number;
    step?: string;
    /** `approvers` empty: anybody may answer. */
    who: { approvers: string[]; needed: number; approvedBy: string[] };
    answers: { choice: string; meaning: string; command: string }[];
  };
  /** What a restore left in quarantine, with the command that brings it back. */
  quarantine?: { volumes: string[]; keptUntil?: string; commands: string[] };
  freshness?: Omit<FreshnessNews, 'what' | 'event' | 'at'>;
  /** Of the event `recovery`: what is over now. */
  recoveredFrom?: { run: string; kind?: string; at: string } | { staleSince: string };
  links?: { run?: string };
}

export interface Occasion {
  platform: PlatformName;
  announcement: Announcement;
  /** The backup before this one, when it ended badly. */
  failedBefore?: FailedBefore;
  /** The page of a run in Temporal's UI, if one is known. */
  pageOf?: (run: string) => string;
}

/** All of the document but its id, which is a digest of `occasionOf`; undefined: nothing to announce. */
export function documentOf(occasion: Occasion): Omit<NotificationDocument, 'id'> | undefined {
  const { platform, announcement, pageOf } = occasion;
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
    return { ...common(event, at, freshnessText(announcement)), freshness, ...over };
  }
  const links = pageOf && { links: { run: pageOf(announcement.run) } };
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

/** Identifies a document: equal when the same thing is announced again. */
export function occasionOf(platform: PlatformName, announcement: Announcement): string {
  const at = { end: 'finishedAt', waiting: 'since', freshness: 'at' } as const;
  const { what } = announcement;
  const subject =
    what === 'freshness' ? announcement.event : what === 'end' ? announcement.run : waitingSubject(announcement);
  return [what, platform, subject, (announcement as unknown as Record<string, string>)[at[what]]].join('\n');
}

const waitingSubject = ({ run, waitsFor }: RunWaits) =>
  `${run}\n${waitsFor.for === 'approval' ? waitsFor.planHash : waitsFor.for === 'decision' ? waitsFor.step : waitsFor.for}`;

function runOf(announcement: RunEnd | RunWaits): NonNullable<NotificationDocument['run']> {
  const { run: id, kind, phase, startedAt, recoveryPoint } = announcement;
  const finishedAt = announcement.what === 'end' ? announcement.finishedAt : undefined;
  return {
    id,
    kind,
    phase,
    startedAt,
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
  const { planHash, approvers, approvalsNeeded, approvedBy, until, downtimeSeconds } = waitsFor;
  return {
    for: 'approval',
    since,
    until,
    planHash,
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
