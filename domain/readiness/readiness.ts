import type { Check } from '../checks.ts';
import type { PlatformName } from '../platform.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import { age } from '../units.ts';

// The standing answer to "could we restore now?". Evaluated repeatedly by the workflow `readiness`, which a schedule starts; the
// result of one evaluation is the `last` of the next.

export interface ReadinessInput {
  platform: PlatformName;
}

/** What the activity is asked. */
export interface ReadinessCall extends ReadinessInput {
  last?: Readiness;
}

/** Why no evaluation was made. `held`: a run works on the platform, which is in between; `unknown`: nobody could find out. */
export type NoEvaluation = { held: string } | { unknown: string };

export type ReadinessVerdict = 'ready' | 'not ready' | 'unknown';

/** A check that did not pass, or an objective that is not met. */
export type Unmet = Pick<Check, 'name' | 'evidence' | 'remedy'>;

/** The result of one evaluation. Times in ISO 8601, UTC. */
export interface Readiness {
  version: 1;
  platform: PlatformName;
  verdict: ReadinessVerdict;
  /** Since when it has had this verdict. */
  since: string;
  /** When it was evaluated; what could not be evaluated since then leaves it. */
  at: string;
  /** How often it is evaluated; 0: not known. */
  everyMinutes: number;
  /** At most 20. */
  unmet: Unmet[];
  /** How many checks and objectives there were. */
  checks: number;
  /** The recovery point that a restore would take. */
  point?: { id: RecoveryPointId; startedAt: string };
  /** How long a restore would take, and where the figure comes from. */
  forecast?: { downtimeSeconds: number; basis: string };
  /** Why it could not be evaluated since `at`. */
  reason?: string;
  /** How often in a row it could not be evaluated. */
  misses?: number;
  /** What receivers were told last. */
  told?: Told;
  /** Notifications that some receivers did not accept; they are sent again, to all receivers when none is named. */
  untold?: { news: ReadinessNews; receivers?: string[] };
}

export interface Told {
  verdict: ReadinessVerdict;
  /** Names of what was not met. */
  unmet: string[];
}

/** What receivers are notified of: each change once. */
export interface ReadinessNews {
  what: 'readiness';
  at: string;
  verdict: ReadinessVerdict;
  /** What they were told before. */
  before: ReadinessVerdict;
  since: string;
  /** Everything that is not met now. */
  unmet: Unmet[];
  /** Names of what was met before, and of what was not. */
  nowUnmet: string[];
  metAgain: string[];
  /** Why it is unknown. */
  reason?: string;
}

export type ReadinessJudged = { next: Readiness; news?: ReadinessNews };

/** The result of an earlier run, validated: a schedule may pass anything. */
export function readinessOf(lastResult: unknown): Readiness | undefined {
  if (typeof lastResult !== 'object' || lastResult === null) return undefined;
  const { version, verdict, since, at, unmet, platform } = lastResult as Partial<Readiness>;
  const ours = version === 1 && (verdict === 'ready' || verdict === 'not ready' || verdict === 'unknown');
  const whole = [platform, since, at].every((text) => typeof text === 'string') && Array.isArray(unmet);
  return ours && whole ? (lastResult as Readiness) : undefined;
}

/** An answer this many times older than it should be says nothing of now. */
const lateTimes = 3;

/** Whether it was not evaluated for so long that something must be wrong. `now` in milliseconds. */
export function isLate({ at, everyMinutes }: Pick<Readiness, 'at' | 'everyMinutes'>, now: number): boolean {
  return everyMinutes > 0 && now - Date.parse(at) > lateTimes * everyMinutes * 60_000;
}

/** One line for people. */
export function describeReadiness(readiness: Omit<Readiness, 'version' | 'platform'>, now: number): string {
  const { verdict, since, at, unmet, checks, forecast, reason } = readiness;
  const count = unmet.length;
  return [
    `${verdict} since ${since}, evaluated ${age(at, now)} ago`,
    ...(verdict === 'ready' ? [`${checks} checks and objectives are met`] : []),
    ...(count > 0 ? [`not met: ${unmet.map(({ name }) => name).join(', ')}`] : []),
    ...(forecast ? [`a restore would take about ${forecast.downtimeSeconds} s (${forecast.basis})`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(isLate(readiness, now)
      ? ['it should have been evaluated since: is the schedule paused, does a worker run?']
      : []),
  ].join('; ');
}
