import { compactTime, isoTime, runOf, slugOf } from '../recovery-points/key-parts.ts';
import { isFailureKind, type FailureKind } from '../failures.ts';
import type { PlatformName } from '../platform.ts';
import { recoveryOf } from './downtime.ts';
import { finalPhases, type Phase, type RunProgress } from './progress.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';

/**
 * How a run ended, in brief. It is encoded in the key of an empty object beside the reports, so that status, metrics and
 * notifications know what happened from a listing alone, without Temporal.
 */
export interface RunOutcome {
  run: string;
  kind: RunProgress['kind'];
  /** One of the final phases. */
  phase: Phase;
  /** ISO 8601, UTC. */
  finishedAt: string;
  durationSeconds: number;
  /** Of these, waiting for people; absent: none. */
  waitedSeconds?: number;
  /** Of a restore or drill that brought its platform up: how long that was forecast to take, and took. */
  recovery?: ForecastAgainst;
  failure?: FailureKind;
  recoveryPoint?: RecoveryPointId;
}

/** A forecast, and what it came to; in seconds. */
export interface ForecastAgainst {
  forecastSeconds: number;
  tookSeconds: number;
}

/** By how many percent of what it took the forecast was wrong. */
export function forecastError({ forecastSeconds, tookSeconds }: ForecastAgainst): number {
  return Math.round((Math.abs(tookSeconds - forecastSeconds) / Math.max(tookSeconds, 0.1)) * 100);
}

/** Every kind of run that leaves an outcome; all but `rollback` are also the types of workflows. */
export const runKindsWithOutcome: readonly RunOutcome['kind'][] = [
  'restore',
  'backup',
  'rebuild',
  'rollback',
  'quarantine',
  'prune',
  'scrub',
  'copy',
  'drill',
];
const none = '-';

export function outcomesPrefix(platform: PlatformName): string {
  return `${platform}/outcomes/`;
}

/** Keys sort by the time of the end. */
export function outcomeKey(platform: PlatformName, outcome: RunOutcome): string {
  const {
    run,
    kind,
    phase,
    finishedAt,
    durationSeconds,
    waitedSeconds,
    recovery,
    failure = none,
    recoveryPoint = none,
  } = outcome;
  const waited = waitedSeconds === undefined ? '' : `w${waitedSeconds}`;
  const foretold = recovery === undefined ? '' : `f${recovery.forecastSeconds}t${recovery.tookSeconds}`;
  const duration = `${durationSeconds}${waited}${foretold}`;
  const words = [compactTime(finishedAt), kind, phase.replaceAll(' ', '-'), failure, duration, recoveryPoint];
  return `${outcomesPrefix(platform)}${words.join('~')}~${slugOf(run)}`;
}

/** A key from which on everything ended at `time` (ISO 8601, UTC) or later. */
export function outcomesSince(platform: PlatformName, time: string): string {
  return `${outcomesPrefix(platform)}${compactTime(time)}`;
}

/** The inverse of `outcomeKey`; undefined when the key is no outcome's. */
export function parseOutcomeKey(platform: PlatformName, key: string): RunOutcome | undefined {
  const prefix = outcomesPrefix(platform);
  if (!key.startsWith(prefix)) return undefined;
  const [time = '', kindWord, phaseWord, failure = '', duration = '', point = '', slug = '', ...rest] = key
    .slice(prefix.length)
    .split('~');
  const finishedAt = isoTime(time);
  const kind = runKindsWithOutcome.find((known) => known === kindWord);
  const phase = [...finalPhases].find((known) => known.replaceAll(' ', '-') === phaseWord);
  const run = runOf(slug);
  if (finishedAt === undefined || !kind || !phase || !run || rest.length > 0) return undefined;
  const [, seconds, waited, forecast, took] =
    /^(\d{1,9})(?:w(\d{1,9}))?(?:f(\d{1,9})t(\d{1,9}))?$/.exec(duration) ?? [];
  if (seconds === undefined || point === '' || failure === '') return undefined;
  return {
    run,
    kind,
    phase,
    finishedAt,
    durationSeconds: Number(seconds),
    ...(waited !== undefined && { waitedSeconds: Number(waited) }),
    ...(forecast !== undefined && {
      recovery: { forecastSeconds: Number(forecast), tookSeconds: Number(took) },
    }),
    // A kind that a later version wrote still says that something failed.
    ...(failure !== none && { failure: isFailureKind(failure) ? failure : 'RunFailed' }),
    ...(point !== none && { recoveryPoint: point }),
  };
}

/** Undefined while the run goes on. */
export function outcomeOf(progress: RunProgress): RunOutcome | undefined {
  const { run, kind, phase, startedAt, finishedAt, failure, recoveryPoint } = progress;
  if (finishedAt === undefined || !finalPhases.has(phase)) return undefined;
  const waited = (progress.waits ?? []).filter(({ for: what }) => what !== 'lock');
  const waitedSeconds = waited.reduce((sum, wait) => sum + secondsBetween(wait.startedAt, wait.finishedAt), 0);
  // All steps were carried out, and not all checks passed.
  const failed = failure?.kind ?? (phase === 'failed' ? 'VerificationFailed' : undefined);
  return {
    run,
    kind,
    phase,
    finishedAt,
    durationSeconds: secondsBetween(startedAt, finishedAt),
    ...(waited.length > 0 && { waitedSeconds }),
    ...recoveryIn(progress, finishedAt),
    ...(failed !== undefined && { failure: isFailureKind(failed) ? failed : 'RunFailed' }),
    ...(recoveryPoint && { recoveryPoint: recoveryPoint.id }),
  };
}

function recoveryIn(progress: RunProgress, finishedAt: string): Pick<RunOutcome, 'recovery'> {
  const recovery = recoveryOf(progress, Date.parse(finishedAt));
  if (progress.phase !== 'passed' || progress.forecast === undefined || !recovery?.over) return {};
  const { downtimeSeconds } = progress.forecast;
  return {
    recovery: { forecastSeconds: Math.round(downtimeSeconds), tookSeconds: Math.max(0, Math.round(recovery.seconds)) },
  };
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
