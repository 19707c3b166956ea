import type { PlatformName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';

// Whether the newest good recovery point is as new as the platform file promises. Judged again and again by the workflow
// `freshness`; what one run found is the next one's `last`.

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

/** What one run of `freshness` hands to the next. Times in ISO 8601, UTC. */
export interface Freshness {
  version: 1;
  /** `unmeasured`: the platform file names no objective, or could not be read yet. */
  state: 'fresh' | 'stale' | 'unmeasured';
  /** Since when it is in this state. */
  since: string;
  /** The newest good point that was ever seen. */
  newest?: NewestPoint;
  /** Since when the catalogue cannot be read. */
  outOfReachSince?: string;
  /** Why nothing newer is known. */
  reason?: string;
  /** When receivers were last told that it is stale. */
  toldAt?: string;
  /** News that some receivers did not take: they are tried again; all of them where they are not named. */
  untold?: { news: FreshnessNews; receivers?: string[] };
}

/** What receivers are told of it. */
export interface FreshnessNews {
  what: 'freshness';
  event: 'stale' | 'recovery';
  at: string;
  /** Since when it is stale, or was. */
  staleSince: string;
  /** Not the first time. */
  reminder: boolean;
  objectiveMinutes: number;
  newest?: NewestPoint & { ageMinutes: number };
  /** Why nothing newer is known. */
  reason?: string;
}

/** What was found in the catalogue, or why it could not be read. */
export type CatalogueObservation = { newest: NewestPoint | undefined } | { outOfReach: string };

const remindAfterMs = 24 * 3_600_000;

/**
 * Judges what was found. News come when the state changes, and once a day while it is stale. Without a `last` a platform counts
 * as fresh before, so a stale one is told at once and a fresh one not at all. A catalogue that cannot be read says nothing
 * new: what it said last grows old, and where it never said anything, its silence does.
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

/** What an earlier run left, if it is that: a schedule may hand over anything. */
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
