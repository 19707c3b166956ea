import { hostsElsewhere, isSpread } from '../hosts.ts';
import { Failure, type FailureKind, type FailureText } from '../failures.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import type { HostName, Platform, PlatformName, Timing } from '../platform.ts';
import { ageSeconds, type PointsDigest } from '../recovery-points/points-digest.ts';
import type { RunProgress } from '../runs/progress.ts';
import type { Coverage } from '../scrub/coverage.ts';
import { seconds } from '../units.ts';
import { hasFailed, skippedWords } from './last-runs.ts';

/** What is known about one platform, or why it is unknown. */
export interface PlatformSeen {
  platform: PlatformName;
  file: Seen<PlatformWants>;
  catalogue: Seen<CatalogueSeen>;
  temporal: Seen<UnderWay>;
  worker: WorkerPresence;
}

/** Whether a worker takes a platform's work; `unknown` while Temporal does not answer. */
export type WorkerPresence = 'working' | 'absent' | 'unknown';

/** What the platform file demands. */
export interface PlatformWants {
  /** RPO: how old the newest good recovery point may be. */
  objectiveSeconds?: number;
  recoveryTimeSeconds?: number;
  /** How old the newest drill that passed may be. */
  drilledSeconds?: number;
  schedule?: Timing;
  /** The machine that carries it; absent: that of the worker that takes the run. */
  host?: HostName;
  /** Of a platform on several hosts, the others. */
  otherHosts?: HostName[];
  /** Who may approve a restore, and how many must; `approvers` empty: anybody. */
  approval: { required: boolean; approvers: string[]; needed: number };
}

/** The hosts that must have a worker; none: any worker will do. */
export function hostsWanted({ host, otherHosts = [] }: PlatformWants): HostName[] {
  return host === undefined ? [] : [host, ...otherHosts];
}

export type Seen<T> = { value: T } | { trouble: Trouble };
export type Trouble = { kind: FailureKind } & FailureText;

/** What an observation found, or why it failed. */
export function seen<T>(work: Promise<T>): Promise<Seen<T>> {
  return work.then(
    (value): Seen<T> => ({ value }),
    (error: unknown): Seen<T> => ({ trouble: troubleOf(error) }),
  );
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Failure) return { kind: error.kind, message: error.message, remedy: error.remedy };
  return {
    kind: 'Internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a bug in Rekindle: report it',
  };
}

export function wantsOf({ objectives, backup, restore, deployment }: Platform): PlatformWants {
  const { recoveryPointMinutes, recoveryTimeMinutes, drilledWithinDays } = objectives;
  const { approval, approvers, approvalsNeeded } = restore;
  return {
    approval: { required: approval === 'required', approvers, needed: approvalsNeeded },
    ...(deployment.host !== undefined && { host: deployment.host }),
    ...(isSpread({ deployment }) && { otherHosts: hostsElsewhere({ deployment }) }),
    ...(recoveryPointMinutes !== undefined && { objectiveSeconds: Math.round(recoveryPointMinutes * 60) }),
    ...(recoveryTimeMinutes !== undefined && { recoveryTimeSeconds: Math.round(recoveryTimeMinutes * 60) }),
    ...(drilledWithinDays !== undefined && { drilledSeconds: Math.round(drilledWithinDays * 86_400) }),
    ...(backup.schedule && { schedule: backup.schedule }),
  };
}

export interface CatalogueSeen {
  points: PointsDigest;
  /** Only what is recent has been read so far: numbers of points and what is older are not known yet. */
  partial?: true;
  /** The newest run of any kind but a quarantine; absent: none has ended yet. */
  lastRun?: RunOutcome;
  /** The newest backup that was not skipped; absent: none has ended yet. */
  lastBackup?: RunOutcome;
  /** The newest backup of all, when it was skipped. */
  lastSkipped?: RunOutcome;
  /** The newest restore; absent: none has ended yet. */
  lastRestore?: RunOutcome;
  /** The newest drill that passed; absent: none has yet. */
  lastDrill?: RunOutcome;
  /** The newest restore or drill whose forecast can be compared with what it took; absent: none has ended yet. */
  lastMeasured?: RunOutcome;
  /** How much scrubs have read of each store's repository; absent: none has run yet. */
  scrubbed?: Coverage[];
  /** From its report, when it failed and left one. */
  lastFailure?: FailureText;
}

export interface RunUnderWay {
  run: string;
  platform: PlatformName;
  kind: RunProgress['kind'];
  phase: string;
  /** ISO 8601, UTC. */
  startedAt: string;
}

export interface ScheduleSeen {
  /** Its id without the platform's prefix. */
  name: string;
  platform: PlatformName;
  workflow: string;
  paused: boolean;
  note?: string;
  /** ISO 8601, UTC; absent: there is no next start. */
  nextAt?: string;
}

/** `unknown`: file or catalogue cannot be read; `none`: no good recovery point; `stale`: it is older than the objective. */
export type HealthState = 'good' | 'failed' | 'stale' | 'none' | 'unknown';

export interface Health {
  state: HealthState;
  /** Everything that is wrong, in words; absent when it is good. */
  reason?: string;
  remedy?: string;
}

/**
 * The verdict behind the 503: the newest backup failed, or the newest good recovery point is older than the objective,
 * or there is none, or it is unknown. A running backup changes nothing, nor does an unreachable Temporal.
 * `now` in milliseconds.
 */
export function healthOf({ platform, file, catalogue }: PlatformSeen, now: number): Health {
  if ('trouble' in file) return unknown(file.trouble);
  if ('trouble' in catalogue) return unknown(catalogue.trouble);
  const { objectiveSeconds } = file.value;
  const { points, lastBackup, lastSkipped, lastFailure } = catalogue.value;
  const age = points.newestGood && ageSeconds(points.newestGood, now);

  const reasons: string[] = [];
  const states: HealthState[] = [];
  if (points.newestGood === undefined) {
    states.push('none');
    reasons.push(`${platform} has no good recovery point`);
  }
  if (lastBackup && hasFailed(lastBackup)) {
    states.push('failed');
    const why = lastBackup.failure === undefined ? '' : ` (${lastBackup.failure})`;
    reasons.push(`the last backup, ${lastBackup.run}, ended as ${lastBackup.phase}${why} at ${lastBackup.finishedAt}`);
  }
  if (age !== undefined && objectiveSeconds !== undefined && age > objectiveSeconds) {
    states.push('stale');
    reasons.push(
      `the newest good recovery point, ${points.newestGood?.id ?? ''}, is ${seconds(age)} old; the objective is ${seconds(objectiveSeconds)}`,
    );
  }
  // That a backup was skipped harms nothing as long as the objective is met.
  if (states.length > 0 && lastSkipped) reasons.push(skippedWords(lastSkipped));
  const [state = 'good'] = states;
  if (state === 'good') return { state };
  const again = `Check "rekindle runs ${platform}", then take a backup with "rekindle backup ${platform}"`;
  return { state, reason: reasons.join('; '), remedy: lastFailure?.remedy ?? again };
}

const unknown = ({ message, remedy }: Trouble): Health => ({ state: 'unknown', reason: message, remedy });

/** An incident that has not ended. */
export interface IncidentUnderWay {
  platform: PlatformName;
  phase: string;
  /** The tool that reported it. */
  source: string;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** What is going on, as Temporal has it. */
export interface UnderWay {
  runs: RunUnderWay[];
  schedules: ScheduleSeen[];
  incidents: IncidentUnderWay[];
  /** Whether any worker asks for the work that is bound to no host. */
  worker: boolean;
  /** Of the workers that serve all platforms. */
  workerVersions?: string[];
}

export function ofPlatform(underWay: Seen<UnderWay>, name: PlatformName): Seen<UnderWay> {
  if ('trouble' in underWay) return underWay;
  const { runs, schedules, incidents, ...workers } = underWay.value;
  const its = ({ platform }: { platform: PlatformName }) => platform === name;
  return {
    value: { runs: runs.filter(its), schedules: schedules.filter(its), incidents: incidents.filter(its), ...workers },
  };
}

/** A schedule in crontab notation, as in the platform file. */
export function scheduleText(schedule: Timing | undefined): string {
  if (schedule === undefined) return '';
  return 'cron' in schedule ? schedule.cron : `@every ${schedule.everySeconds}s`;
}
