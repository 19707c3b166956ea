import { failureKinds, isFailureKind, type FailureText } from '../failures.ts';
import type { RunOutcome } from '../runs/outcome.ts';
import { ageSeconds } from '../recovery-points/points-digest.ts';
import type { RecoveryPointSummary } from '../recovery-points/recovery-point.ts';
import { hasFailed } from './last-runs.ts';
import {
  healthOf,
  scheduleText,
  type CatalogueSeen,
  type Health,
  type PlatformSeen,
  type RunUnderWay,
  type ScheduleSeen,
  type Seen,
} from './status.ts';

// The JSON that existing monitors expect: that of the cron wrapper go-cron, with its names and types.

export interface WrapperRun {
  Exit_status: number;
  Stdout: string;
  Stderr: string;
  /** RFC 3339, to the second; empty: still running, or no run yet. */
  ExitTime: string;
  /** Always 0: what runs is a workflow. */
  Pid: number;
  StartingTime: string;
}

export interface WrapperState {
  /** By run: its workflow id, where the wrapper had a process id. */
  Running: Record<string, WrapperRun>;
  Last: WrapperRun;
  Schedule: string;
}

export interface PlatformStatus extends WrapperState {
  Rekindle: StatusDetails;
}

/** What the wrapper did not have. */
export interface StatusDetails extends Health {
  platform: string;
  newestGood?: PointDetails;
  newestProven?: PointDetails;
  recoveryPoints?: number;
  objectiveSeconds?: number;
  lastBackup?: RunOutcome;
  /** Runs of every kind; `unknown` while Temporal does not answer. */
  runs: Omit<RunUnderWay, 'platform'>[] | 'unknown';
  schedules: Omit<ScheduleSeen, 'platform'>[] | 'unknown';
  catalogue: Reached;
  temporal: Reached;
}

type Reached = { reachable: true } | { reachable: false; reason: string };

interface PointDetails {
  id: string;
  startedAt: string;
  ageSeconds: number;
  durationSeconds: number;
  totalBytes: number;
  incrementalBytes: number;
  /** Absent: unknown, taken by something else. */
  documents?: number;
  provenAt?: string;
}

const neverRun: WrapperRun = { Exit_status: 0, Stdout: '', Stderr: '', ExitTime: '', Pid: 0, StartingTime: '' };

/** One platform's page. `now` in milliseconds. */
export function statusOf(seen: PlatformSeen, now: number): PlatformStatus {
  const { platform, file, catalogue, temporal } = seen;
  const known = 'value' in catalogue ? catalogue.value : undefined;
  const wanted = 'value' in file ? file.value : undefined;
  const runs = 'value' in temporal ? temporal.value.runs : undefined;
  const schedules = 'value' in temporal ? temporal.value.schedules : undefined;
  return {
    Running: Object.fromEntries((runs ?? []).filter(({ kind }) => kind === 'backup').map(runningEntry)),
    Last: lastRun(known),
    Schedule: scheduleText(wanted?.schedule),
    Rekindle: {
      platform,
      ...healthOf(seen, now),
      newestGood: pointDetails(known?.points.newestGood, now),
      newestProven: pointDetails(known?.points.newestProven, now),
      recoveryPoints: known?.partial ? undefined : known?.points.good,
      objectiveSeconds: wanted?.objectiveSeconds,
      lastBackup: known?.lastBackup,
      runs: runs?.map(({ platform: _, ...run }) => run) ?? 'unknown',
      schedules: schedules?.map(({ platform: _, ...schedule }) => schedule) ?? 'unknown',
      catalogue: reached(catalogue),
      temporal: reached(temporal),
    },
  };
}

/** All platforms on one page, with the wrapper's three keys on top. `Last` belongs to an unhealthy platform, if there is one. */
export interface CombinedStatus extends WrapperState {
  platforms: Record<string, PlatformStatus>;
  Rekindle: { state: 'good' | 'bad' | 'unknown'; reason?: string; remedy?: string };
}

export function combine(pages: readonly PlatformStatus[]): CombinedStatus {
  const bad = pages.filter(({ Rekindle }) => Rekindle.state !== 'good');
  const latest = [...(bad.length > 0 ? bad : pages)].sort((a, b) => (a.Last.ExitTime < b.Last.ExitTime ? 1 : -1));
  const failing = latest.find(({ Last }) => Last.Exit_status !== 0);
  return {
    Running: Object.assign({}, ...pages.map(({ Running }) => Running)) as WrapperState['Running'],
    Last: (failing ?? latest[0])?.Last ?? neverRun,
    Schedule: pages
      .filter(({ Schedule }) => Schedule !== '')
      .map(({ Schedule, Rekindle }) => `${Rekindle.platform}: ${Schedule}`)
      .join(', '),
    platforms: Object.fromEntries(pages.map((page) => [page.Rekindle.platform, page])),
    Rekindle:
      bad.length === 0
        ? { state: 'good' }
        : {
            state: 'bad',
            reason: bad.map(({ Rekindle }) => `${Rekindle.platform}: ${Rekindle.reason ?? ''}`).join('; '),
          },
  };
}

/** The page when the platforms themselves are unknown. */
export function nothingKnown({ message, remedy }: FailureText): CombinedStatus {
  return { ...combine([]), Rekindle: { state: 'unknown', reason: message, remedy } };
}

function runningEntry({ run, startedAt }: RunUnderWay): [string, WrapperRun] {
  return [run, { ...neverRun, StartingTime: toTheSecond(startedAt) }];
}

function lastRun(known: CatalogueSeen | undefined): WrapperRun {
  const last = known?.lastBackup;
  if (!known || !last) return neverRun;
  const started = Date.parse(last.finishedAt) - last.durationSeconds * 1000;
  const failed = hasFailed(last);
  return {
    Exit_status: failed ? exitStatus(last.failure) : 0,
    Stdout: failed ? '' : takenText(last, known),
    Stderr: failed ? failureText(last, known) : '',
    ExitTime: toTheSecond(last.finishedAt),
    Pid: 0,
    StartingTime: toTheSecond(new Date(started).toISOString()),
  };
}

/** The result of `rekindle backup`. */
function exitStatus(failure: string | undefined): number {
  return failure !== undefined && isFailureKind(failure) ? failureKinds[failure].exitCode : 1;
}

function takenText({ recoveryPoint }: RunOutcome, { points }: CatalogueSeen): string {
  if (recoveryPoint === undefined) return '';
  const point = points.newestGood?.id === recoveryPoint ? points.newestGood : undefined;
  const figures = point
    ? `: ${point.documents ?? 'an unknown number of'} documents in ${point.indices} indices, ${point.totalBytes} bytes (${point.incrementalBytes} new)`
    : '';
  return `recovery point ${recoveryPoint}${figures}\n`;
}

function failureText({ failure, phase, run }: RunOutcome, { lastFailure }: CatalogueSeen): string {
  const what = lastFailure ? `${lastFailure.message}\n→ ${lastFailure.remedy}` : `${run} ended as ${phase}`;
  return `${failure === undefined ? '' : `${failure}: `}${what}\n`;
}

function pointDetails(point: RecoveryPointSummary | undefined, now: number): PointDetails | undefined {
  if (!point) return undefined;
  const { id, startedAt, durationSeconds, totalBytes, incrementalBytes, documents, provenAt } = point;
  return {
    id,
    startedAt,
    ageSeconds: ageSeconds(point, now),
    durationSeconds,
    totalBytes,
    incrementalBytes,
    ...(documents !== undefined && { documents }),
    provenAt,
  };
}

function reached(seen: Seen<unknown>): Reached {
  return 'value' in seen ? { reachable: true } : { reachable: false, reason: seen.trouble.message };
}

/** The wrapper wrote no fractions. */
function toTheSecond(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
