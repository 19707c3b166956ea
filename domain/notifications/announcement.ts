import type { ReadinessNews } from '../readiness/readiness.ts';
import type { FreshnessNews } from '../status/freshness.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { NotificationEvent, Platform, PlatformName } from '../platform.ts';
import type { PendingDecision, Phase, QuarantineState, RunProgress } from '../runs/progress.ts';
import type { StartedBy } from '../runs/started-by.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';

// What a workflow announces, and whether any receiver wants it.

/** What a workflow hands to the activity `announce`: names and words for people, no address and no secret. */
export type Announcement = RunEnd | RunWaits | FreshnessNews | ReadinessNews;

/** A run has ended. */
export interface RunEnd {
  what: 'end';
  run: string;
  startedBy?: StartedBy;
  kind: RunProgress['kind'];
  phase: Phase;
  /** ISO 8601, UTC, as everywhere. */
  startedAt: string;
  finishedAt: string;
  recoveryPoint?: RecoveryPointId;
  /** It was announced that the run waits for a person. */
  waited?: true;
  /** What it left in quarantine. */
  quarantine?: QuarantineState;
  failure?: { kind: string; message: string; remedy: string };
}

/** A run waits for a person. */
export interface RunWaits {
  what: 'waiting';
  run: string;
  startedBy?: StartedBy;
  kind: RunProgress['kind'];
  phase: Phase;
  startedAt: string;
  /** Since when it waits. */
  since: string;
  recoveryPoint?: RecoveryPointId;
  waitsFor: WaitsForApproval | WaitsForDecision | WaitsForRepair;
}

export interface WaitsForApproval {
  for: 'approval';
  planHash: string;
  /** Who may approve; empty: anybody. */
  approvers: string[];
  approvalsNeeded: number;
  approvedBy: string[];
  /** When the run ends without an approval, with nothing touched. */
  until: string;
  /** The plan, in at most ten lines. */
  summary: string[];
  /** The forecast. */
  downtimeSeconds?: number;
}

export interface WaitsForDecision extends PendingDecision {
  for: 'decision';
}

/** It tries again by itself: nobody answers it, somebody repairs the cause. */
export interface WaitsForRepair {
  for: 'repair';
  failure: { kind: string; message: string; remedy: string };
}

/** What the platform file wants announced; a workflow checks it before it schedules anything. */
export interface Announces {
  /** Events that at least one receiver gets. */
  events: NotificationEvent[];
  statsd: boolean;
  heartbeat: boolean;
}

/** What the activity `announce` answers. */
export interface Announced {
  /** What could not be delivered, a sentence each. */
  notes: string[];
  /** Receivers to try again later, by their place in the platform file: `notifications[0]`. */
  missed: string[];
}

export interface AnnounceCall {
  platform: PlatformName;
  announcement: Announcement;
  /** Only these receivers, by their place in the platform file. */
  only?: string[];
}

/** Undefined: the platform file names no receiver. */
export function announcesOf({ notifications, metrics, backup }: Platform): Announces | undefined {
  const events = [...new Set(notifications.flatMap(({ events }) => events))].toSorted();
  const statsd = metrics.statsd !== undefined;
  const heartbeat = backup.heartbeatUrl !== undefined;
  return events.length > 0 || statsd || heartbeat ? { events, statsd, heartbeat } : undefined;
}

/** A run that ended because a person said so, or because another run held the platform, is no failure to report. */
const peoplesAnswers: ReadonlySet<string> = new Set(['Rejected', 'PlatformBusy']);

/**
 * Whether a run ended badly. A refusal by preflight or for a missing key counts: nobody else hears of a scheduled backup.
 * A requested rollback does not; a restore that ended in one does.
 */
export function endedBadly({ kind, phase, failure }: Pick<RunEnd, 'kind' | 'phase'> & { failure?: string }): boolean {
  if (phase === 'failed') return true;
  if (phase === 'rolled back') return kind === 'restore';
  return phase === 'refused' && !peoplesAnswers.has(failure ?? '');
}

const isGoodBackup = ({ kind, phase }: Pick<RunEnd, 'kind' | 'phase'>) => kind === 'backup' && phase === 'passed';

/**
 * The event that a run's end is; `failedBefore`: the backup before this one ended badly. Whoever was told that a run waits
 * also hears that it no longer does: pagers keep ringing otherwise.
 */
export function eventOfEnd(end: RunEnd, failedBefore: boolean): 'failure' | 'recovery' | undefined {
  if (endedBadly({ ...end, failure: end.failure?.kind })) return 'failure';
  return end.waited || (isGoodBackup(end) && failedBefore) ? 'recovery' : undefined;
}

/** Whether a run's end may interest a receiver; the catalogue decides which event it is. */
export function endIsToldTo(announces: Announces, end: RunEnd): boolean {
  if (announces.statsd) return true;
  if (isGoodBackup(end)) return announces.heartbeat || announces.events.includes('recovery');
  const event = eventOfEnd(end, false);
  return event !== undefined && announces.events.includes(event);
}

/** A dead man's switch gets each good backup and nothing else. */
export const isHeartbeat = (announcement: Announcement): boolean =>
  announcement.what === 'end' && isGoodBackup(announcement);

/** The outcome of the last backup before `end`; those that a person ended or refused do not count. */
export function previousBackup(outcomes: readonly RunOutcome[], end: RunEnd): RunOutcome | undefined {
  return outcomes
    .filter(({ kind, finishedAt }) => kind === 'backup' && Date.parse(finishedAt) < Date.parse(end.finishedAt))
    .filter((outcome) => outcome.phase === 'passed' || endedBadly(outcome))
    .toSorted((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt))
    .at(-1);
}
