import type { FreshnessNews } from '../status/freshness.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { NotificationEvent, Platform, PlatformName } from '../platform.ts';
import type { PendingDecision, Phase, RunProgress } from '../runs/progress.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';

// What a workflow has to tell, and whether anybody is told.

/** What a workflow hands to the activity `announce`: names and words for people, no address and no secret. */
export type Announcement = RunEnd | RunWaits | FreshnessNews;

/** A run is over. */
export interface RunEnd {
  what: 'end';
  run: string;
  kind: RunProgress['kind'];
  phase: Phase;
  /** ISO 8601, UTC, as everywhere. */
  startedAt: string;
  finishedAt: string;
  recoveryPoint?: RecoveryPointId;
  failure?: { kind: string; message: string; remedy: string };
}

/** A run waits for a person. */
export interface RunWaits {
  what: 'waiting';
  run: string;
  kind: RunProgress['kind'];
  phase: Phase;
  startedAt: string;
  /** Since when it waits. */
  since: string;
  recoveryPoint?: RecoveryPointId;
  waitsFor: WaitsForApproval | WaitsForDecision;
}

export interface WaitsForApproval {
  for: 'approval';
  planHash: string;
  /** Who may; empty: anybody. */
  approvers: string[];
  approvalsNeeded: number;
  approvedBy: string[];
  /** Then the run ends by itself, with nothing touched. */
  until: string;
  /** The forecast. */
  downtimeSeconds?: number;
}

export interface WaitsForDecision extends PendingDecision {
  for: 'decision';
}

/** What the platform file wants told; a workflow asks before it schedules anything. */
export interface Announces {
  /** Events that at least one webhook is told of. */
  events: NotificationEvent[];
  statsd: boolean;
  heartbeat: boolean;
}

/** What the activity `announce` answers. */
export interface Announced {
  /** What could not be told, a sentence each. */
  notes: string[];
  /** Receivers that may be told later, by their place in the platform file: `notifications[0]`. */
  missed: string[];
}

export interface AnnounceCall {
  platform: PlatformName;
  announcement: Announcement;
  /** Only these receivers, by their place in the platform file. */
  only?: string[];
}

/** Undefined: nobody is told of anything. */
export function announcesOf({ notifications, metrics, backup }: Platform): Announces | undefined {
  const events = [...new Set(notifications.flatMap(({ events }) => events))].toSorted();
  const statsd = metrics.statsd !== undefined;
  const heartbeat = backup.heartbeatUrl !== undefined;
  return events.length > 0 || statsd || heartbeat ? { events, statsd, heartbeat } : undefined;
}

/** A run that stopped because a person said so, or because another one worked, is no failure to be told of. */
const peoplesAnswers: ReadonlySet<string> = new Set(['Rejected', 'PlatformBusy']);

/**
 * Whether a run ended as nobody wanted. A refusal by preflight or for want of a key is one, too: a backup that a schedule
 * started tells nobody else. A rollback that was asked for is none; a restore that ended in one is.
 */
export function endedBadly({ kind, phase, failure }: Pick<RunEnd, 'kind' | 'phase'> & { failure?: string }): boolean {
  if (phase === 'failed') return true;
  if (phase === 'rolled back') return kind === 'restore';
  return phase === 'refused' && !peoplesAnswers.has(failure ?? '');
}

const isGoodBackup = ({ kind, phase }: Pick<RunEnd, 'kind' | 'phase'>) => kind === 'backup' && phase === 'passed';

/** The event that a run's end is; `failedBefore`: the backup before this one ended badly. */
export function eventOfEnd(end: RunEnd, failedBefore: boolean): 'failure' | 'recovery' | undefined {
  if (endedBadly({ ...end, failure: end.failure?.kind })) return 'failure';
  return isGoodBackup(end) && failedBefore ? 'recovery' : undefined;
}

/** Whether a run's end may be of interest to somebody; what it is in truth, the catalogue says. */
export function endIsToldTo(announces: Announces, end: RunEnd): boolean {
  if (announces.statsd) return true;
  if (isGoodBackup(end)) return announces.heartbeat || announces.events.includes('recovery');
  return announces.events.includes('failure') && eventOfEnd(end, false) === 'failure';
}

/** A dead man's switch hears of each good backup and of nothing else. */
export const isHeartbeat = (announcement: Announcement): boolean =>
  announcement.what === 'end' && isGoodBackup(announcement);

/** How the last backup before `end` came out; those that somebody ended, or that were refused by a person, say nothing. */
export function previousBackup(outcomes: readonly RunOutcome[], end: RunEnd): RunOutcome | undefined {
  return outcomes
    .filter(({ kind, finishedAt }) => kind === 'backup' && Date.parse(finishedAt) < Date.parse(end.finishedAt))
    .filter((outcome) => outcome.phase === 'passed' || endedBadly(outcome))
    .toSorted((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt))
    .at(-1);
}
