import { isDeployed, type Platform, type PlatformName, type Timing } from '../platform.ts';
import { encodeClock, ownClock } from './clock.ts';
import { parseCron } from './cron.ts';
import { fingerprint } from './fingerprint.ts';
import type { Recurrence } from './recurrence.ts';
import { spreadOffset, type SpreadMember } from './spread.ts';
import type { Clocked } from './times.ts';

/** What is scheduled; also the name of the workflow. */
export const scheduleKinds = ['backup', 'prune', 'drill', 'freshness', 'readiness'] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

/** A schedule that the platform file defines. */
export interface Schedule extends Clocked {
  /** `rekindle/<platform>/<kind>`. */
  id: string;
  kind: ScheduleKind;
  platform: PlatformName;
  timing: Timing;
  /** Time zone data that replaces Temporal's own, in base64. */
  zoneData?: string;
  jitterSeconds: number;
  catchUpSeconds: number;
}

/** Schedules that belong to a platform carry this prefix; no other is touched. */
export const schedulePrefix = (platform: PlatformName): string => `rekindle/${platform}/`;
/** In the words of Temporal's list, which else tells of all platforms' schedules. */
export const schedulesQuery = (platform: PlatformName): string =>
  `ScheduleId STARTS_WITH "${schedulePrefix(platform)}"`;
export const scheduleId = (platform: PlatformName, kind: ScheduleKind): string => `${schedulePrefix(platform)}${kind}`;

/** The kind of a schedule by its id; undefined: not created by Rekindle. */
export function kindOfSchedule(platform: PlatformName, id: string): ScheduleKind | undefined {
  return scheduleKinds.find((kind) => id === scheduleId(platform, kind));
}

/**
 * True for schedules that pause during a restore: backups, pruning and drills do. Freshness goes on, because the people alerted when
 * backups become stale want to know it then as well; readiness says itself that a run holds the platform.
 */
export function pausesDuringRestore(id: string): boolean {
  return !id.endsWith('/freshness') && !id.endsWith('/readiness');
}

/**
 * The schedules that a platform file defines. `spread`: those of all platforms that are spread, this one's among them.
 * Failure: InvalidArgument, for a cron text that the schema let through.
 */
export function schedulesOf(platform: Platform, spread: readonly SpreadMember[] = []): Schedule[] {
  const { platform: name } = platform;
  return timingsOf(platform).map(([kind, timing]) => {
    if (!('spread' in timing)) return scheduleOf(name, kind, timing);
    return scheduleOf(name, kind, { ...timing, offsetSeconds: spreadOffset(`${name}/${kind}`, spread) });
  });
}

/** The schedules of a platform file that are spread. `repositories`: see `repositoriesOf`. */
export function spreadMembersOf(platform: Platform, repositories: readonly string[]): SpreadMember[] {
  return timingsOf(platform).flatMap(([kind, timing]) =>
    'spread' in timing
      ? [{ key: `${platform.platform}/${kind}`, everySeconds: timing.everySeconds, repositories }]
      : [],
  );
}

function timingsOf(platform: Platform): [ScheduleKind, Timing][] {
  const { backup, platform: name } = platform;
  const { recoveryPointMinutes } = platform.objectives;
  const timings: [ScheduleKind, Timing | undefined][] = [
    ['backup', backup.schedule],
    ['prune', backup.retention && (backup.pruneSchedule ?? onceADay(name))],
    ['drill', platform.drill?.schedule],
    ['freshness', recoveryPointMinutes === undefined ? undefined : often(name, recoveryPointMinutes)],
    ['readiness', isDeployed(platform) ? evaluating(name, platform.readiness?.everyMinutes ?? 0) : undefined],
  ];
  return timings.flatMap(([kind, timing]) => (timing === undefined ? [] : [[kind, timing]]));
}

function scheduleOf(platform: PlatformName, kind: ScheduleKind, timing: Timing): Schedule {
  const { timeZone, jitterSeconds, catchUpSeconds } = timing;
  const recurrence = recurrenceOf(timing);
  const clock = ownClock(timeZone, recurrence);
  return {
    id: scheduleId(platform, kind),
    kind,
    platform,
    timing,
    recurrence,
    timeZone,
    ...(clock && { clock, zoneData: encodeClock(clock) }),
    jitterSeconds,
    catchUpSeconds,
  };
}

/** Failure: InvalidArgument. */
export function recurrenceOf(timing: Timing): Recurrence {
  if ('cron' in timing) return parseCron(timing.cron);
  const { everySeconds, offsetSeconds } = timing;
  return { calendars: [], intervals: [{ everySeconds, offsetSeconds }] };
}

/** Between midnight and six in UTC, at a minute derived from the platform's name, so that platforms do not all start at once. */
function onceADay(platform: PlatformName): Timing {
  const minute = fingerprint(platform) % 360;
  return {
    cron: `${minute % 60} ${Math.floor(minute / 60)} * * *`,
    timeZone: 'UTC',
    jitterSeconds: 0,
    catchUpSeconds: 24 * 3600,
  };
}

/** A tenth of the RPO, from one to five minutes. A missed check is not repeated: the next one finds the same. */
function often(platform: PlatformName, recoveryPointMinutes: number): Timing {
  return every(platform, Math.round(Math.max(60, Math.min(300, recoveryPointMinutes * 6))));
}

function evaluating(platform: PlatformName, everyMinutes: number): Timing | undefined {
  return everyMinutes === 0 ? undefined : every(platform, everyMinutes * 60);
}

/** At an offset of its own, so that platforms do not all start at once. */
function every(platform: PlatformName, everySeconds: number): Timing {
  return {
    everySeconds,
    offsetSeconds: fingerprint(platform) % everySeconds,
    timeZone: 'UTC',
    jitterSeconds: 0,
    catchUpSeconds: everySeconds,
  };
}
