import { compactTime, isoTime, runOf, slugOf } from '../recovery-points/key-parts.ts';
import { isFailureKind, type FailureKind } from '../failures.ts';
import type { PlatformName } from '../platform.ts';
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
  failure?: FailureKind;
  recoveryPoint?: RecoveryPointId;
}

/** Every kind of run that leaves an outcome; all but `rollback` are also the types of workflows. */
export const runKindsWithOutcome: readonly RunOutcome['kind'][] = [
  'restore',
  'backup',
  'rebuild',
  'rollback',
  'quarantine',
  'prune',
];
const none = '-';

export function outcomesPrefix(platform: PlatformName): string {
  return `${platform}/outcomes/`;
}

/** Keys sort by the time of the end. */
export function outcomeKey(platform: PlatformName, outcome: RunOutcome): string {
  const { run, kind, phase, finishedAt, durationSeconds, failure = none, recoveryPoint = none } = outcome;
  const words = [compactTime(finishedAt), kind, phase.replaceAll(' ', '-'), failure, durationSeconds, recoveryPoint];
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
  if (!/^\d{1,9}$/.test(duration) || point === '' || failure === '') return undefined;
  return {
    run,
    kind,
    phase,
    finishedAt,
    durationSeconds: Number(duration),
    // A kind that a later version wrote still says that something failed.
    ...(failure !== none && { failure: isFailureKind(failure) ? failure : 'RunFailed' }),
    ...(point !== none && { recoveryPoint: point }),
  };
}

/** Undefined while the run goes on. */
export function outcomeOf(progress: RunProgress): RunOutcome | undefined {
  const { run, kind, phase, startedAt, finishedAt, failure, recoveryPoint } = progress;
  if (finishedAt === undefined || !finalPhases.has(phase)) return undefined;
  // All steps were carried out, and not all checks passed.
  const failed = failure?.kind ?? (phase === 'failed' ? 'VerificationFailed' : undefined);
  return {
    run,
    kind,
    phase,
    finishedAt,
    durationSeconds: Math.max(0, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)),
    ...(failed !== undefined && { failure: isFailureKind(failed) ? failed : 'RunFailed' }),
    ...(recoveryPoint && { recoveryPoint: recoveryPoint.id }),
  };
}
