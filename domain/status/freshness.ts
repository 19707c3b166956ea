import type { PlatformName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';

// Whether the newest good recovery point meets the RPO of the platform file. Judged repeatedly by the workflow
// `freshness`; the result of one run is the `last` of the next.

export interface FreshnessInput {
  platform: PlatformName;
}

export interface NewestPoint {
  id: RecoveryPointId;
  startedAt: string;
}

/** What the activity is asked. */
export interface FreshnessCall extends FreshnessInput {
  last?: Freshness;
  /** The worker that could read the catalogue does not answer. */
  outOfReach?: string;
}

/** `elsewhere`: the task queue of the worker on whose disk the catalogue lies. */
export type FreshnessJudged = { next: Freshness; news?: FreshnessNews } | { elsewhere: string };

/** The result of one run of `freshness`, passed to the next. Times in ISO 8601, UTC. */
export interface Freshness {
  version: 1;
  /** `unmeasured`: the platform file sets no objective, or could not be read yet. */
  state: 'fresh' | 'stale' | 'unmeasured';
  /** Since when it is in this state. */
  since: string;
  /** The newest good point ever seen. */
  newest?: NewestPoint;
  /** Since when the catalogue has been unreadable. */
  outOfReachSince?: string;
  /** Why nothing newer is known. */
  reason?: string;
  /** When receivers were last notified that it is stale. */
  toldAt?: string;
  /** Notifications that some receivers did not accept; they are sent again, to all receivers when none is named. */
  untold?: { news: FreshnessNews; receivers?: string[] };
}

/** What receivers are notified of. */
export interface FreshnessNews {
  what: 'freshness';
  event: 'stale' | 'recovery';
  at: string;
  /** Since when it is, or was, stale. */
  staleSince: string;
  /** Whether this repeats an earlier notification. */
  reminder: boolean;
  objectiveMinutes: number;
  newest?: NewestPoint & { ageMinutes: number };
  /** Why nothing newer is known. */
  reason?: string;
  /** Why the last backup was skipped, when it was: that there is nothing newer has this cause. */
  skipped?: string;
}

/** The result of reading the catalogue. `skipped`: the last backup was, and why. */
export type CatalogueObservation = { newest: NewestPoint | undefined; skipped?: string } | { outOfReach: string };

const remindAfterMs = 24 * 3_600_000;

/**
 * Judges one reading. Notifies when the state changes, and once a day while it is stale. Without a `last` the platform counts
 * as fresh before, so a stale one is reported at once and a fresh one not at all. An unreadable catalogue adds nothing
 * new: its last answer ages; without any answer yet, the silence itself ages.
 */
export function judgeFreshness(given: {
  objectiveMinutes: number | undefined;
  observation: CatalogueObservation;
  last: Freshness | undefined;
  now: string;
}): { next: Freshness; news?: FreshnessNews } {
  const { objectiveMinutes, observation, last, now } = given;
  const newest = 'newest' in observation ? observation.newest : last?.newest;
  const unread = 'outOfReach' in observation && {
    outOfReachSince: last?.outOfReachSince ?? now,
    reason: observation.outOfReach,
  };
  const skipped = 'skipped' in observation ? observation.skipped : undefined;
  const known = { ...(newest && { newest }), ...unread };
  if (objectiveMinutes === undefined)
    return { next: { version: 1, state: 'unmeasured', since: sinceOf(last, 'unmeasured', now), ...known } };

  const oldest = newest?.startedAt ?? (unread ? unread.outOfReachSince : undefined);
  const tooOld = oldest === undefined || minutesBetween(oldest, now) > objectiveMinutes;
  const state = tooOld ? 'stale' : 'fresh';
  const next: Freshness = { version: 1, state, since: sinceOf(last, state, now), ...known };
  const wasStale = last?.state === 'stale';
  const news = (event: FreshnessNews['event'], reminder = false): FreshnessNews => ({
    what: 'freshness',
    event,
    at: now,
    staleSince: event === 'stale' ? next.since : (last?.since ?? now),
    reminder,
    objectiveMinutes,
    ...(newest && { newest: { ...newest, ageMinutes: Math.floor(minutesBetween(newest.startedAt, now)) } }),
    ...(unread && { reason: unread.reason }),
    ...(event === 'stale' && skipped !== undefined && { skipped }),
  });
  if (state === 'fresh') {
    if (wasStale) return { next, news: news('recovery') };
    return { next: { ...next, ...(last?.untold && { untold: last.untold }) } };
  }
  const toldAt = wasStale ? last.toldAt : undefined;
  if (toldAt === undefined) return { next: { ...next, toldAt: now }, news: news('stale') };
  if (Date.parse(now) - Date.parse(toldAt) >= remindAfterMs)
    return { next: { ...next, toldAt: now }, news: news('stale', true) };
  return { next: { ...next, toldAt, ...(last?.untold && { untold: last.untold }) } };
}

/** The result of an earlier run, validated: a schedule may pass anything. */
export function freshnessOf(lastResult: unknown): Freshness | undefined {
  if (typeof lastResult !== 'object' || lastResult === null) return undefined;
  const { version, state, since } = lastResult as Partial<Freshness>;
  const ours = version === 1 && (state === 'fresh' || state === 'stale' || state === 'unmeasured');
  return ours && typeof since === 'string' ? (lastResult as Freshness) : undefined;
}

/** One line for people. */
export function describeFreshness({ state, since, newest, reason }: Freshness): string {
  const point = newest
    ? `newest good recovery point ${newest.id}, data as of ${newest.startedAt}`
    : 'no recovery point known';
  return [`${state} since ${since}: ${point}`, ...(reason === undefined ? [] : [reason])].join('; ');
}

function sinceOf(last: Freshness | undefined, state: Freshness['state'], now: string): string {
  return last?.state === state ? last.since : now;
}

function minutesBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 60_000;
}
