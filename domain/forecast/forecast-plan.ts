import type { Plan } from '../plans/plan.ts';
import type { Action, Step, StepId } from '../plans/steps.ts';
import { beginsRecovery, endsRecovery } from '../runs/downtime.ts';
import type { Forecast, ForecastPart } from '../runs/forecast.ts';
import type { MeasuredRun } from './measured.ts';
import { stepTime, type Source, type StepTime } from './step-time.ts';

export interface ForecastAsked {
  plan: Pick<Plan, 'kind' | 'steps'>;
  /** Restores and drills of the platform that passed, the newest first. */
  runs: readonly MeasuredRun[];
  /** Of the snapshot that each step restores. */
  bytes: Record<StepId, number>;
  /** The least of the stores' throttles; absent: none. */
  throttleBytesPerSecond?: number;
}

interface Timed extends StepTime {
  step: Step;
  start: number;
  end: number;
}

/**
 * Seconds without service, as `recoveryOf` measures them afterwards, by walking through the plan's graph with the time of each
 * step: what runs in parallel counts once. Of a drill, the seconds until its copy of the platform is up and verified. Parts: what lies
 * on the longest way, so that they add up.
 */
export function forecastPlan(asked: ForecastAsked): Pick<Forecast, 'downtimeSeconds' | 'basis' | 'parts' | 'bytes'> {
  const { plan, bytes } = asked;
  const timed = timesOf(asked);
  // What a restore does in a scene happens while the platform serves.
  const all = [...timed.values()].filter(({ step }) => step.scene !== true);
  const starts = all.filter(({ step }) => beginsRecovery.has(step.action)).map(({ start }) => start);
  const begin = starts.length === 0 ? 0 : Math.min(...starts);
  const last = latest(all.filter(({ step }) => endsRecovery.has(step.action)));
  const way = last === undefined ? [] : longestWay(last, timed).filter(({ end }) => end > begin);
  const parts = partsOf(way, begin);
  const knownBytes = Object.fromEntries(plan.steps.flatMap(({ id }) => (id in bytes ? [[id, bytes[id] ?? 0]] : [])));
  return {
    downtimeSeconds: Math.ceil(Math.max(0, (last?.end ?? begin) - begin)),
    basis: basisOf(parts),
    parts,
    bytes: knownBytes,
  };
}

function timesOf({ plan, runs, bytes, throttleBytesPerSecond = Infinity }: ForecastAsked): Map<StepId, Timed> {
  const timed = new Map<StepId, Timed>();
  const prefer = plan.kind === 'drill' ? 'drill' : 'restore';
  for (const step of plan.steps) {
    const moved = bytes[step.id];
    const time = stepTime({ id: step.id, action: step.action, bytes: moved }, runs, prefer);
    const seconds = Math.max(time.seconds, (moved ?? 0) / throttleBytesPerSecond);
    const start = Math.max(0, ...step.after.map((id) => timed.get(id)?.end ?? 0));
    timed.set(step.id, { ...time, seconds, step, start, end: start + seconds });
  }
  return timed;
}

/** The steps that each other waits for, up to the last: its predecessor is the one that ended last. */
function longestWay(last: Timed, timed: ReadonlyMap<StepId, Timed>): Timed[] {
  const way = [last];
  for (let here: Timed | undefined = last; here !== undefined;) {
    here = latest(here.step.after.flatMap((id) => timed.get(id) ?? []));
    if (here) way.unshift(here);
  }
  return way;
}

function latest(steps: readonly Timed[]): Timed | undefined {
  return steps.reduce<Timed | undefined>((last, one) => (last && last.end >= one.end ? last : one), undefined);
}

const names: Partial<Record<Action, string>> = {
  stopService: 'stopping services',
  quarantineVolume: 'setting data aside',
  removeVolume: 'removing data',
  startService: 'starting services',
  awaitStore: 'waiting for the stores',
  restoreIndices: 'restoring indices',
  restoreParts: 'restoring dumps',
  compareStore: 'verifying',
  verifyParts: 'verifying',
  verifyIndices: 'verifying',
  verifyQueue: 'verifying',
  verifySnapshot: 'verifying',
  smokeCheck: 'verifying',
  rebuildQueue: 'rebuilding queues',
  failRunningJobs: 'rebuilding queues',
  runContainer: 'running containers',
};

/** In the order in which they begin. */
function partsOf(way: readonly Timed[], begin: number): ForecastPart[] {
  const parts = new Map<string, ForecastPart>();
  for (const { step, start, end, from, runs } of way) {
    const part = names[step.action] ?? 'the rest';
    const seconds = end - Math.max(start, begin);
    const known = parts.get(part) ?? { part, seconds: 0, from: [], runs: {} };
    known.seconds += seconds;
    if (!known.from.includes(from)) known.from.push(from);
    if (from !== 'guess') known.runs[from] = Math.max(known.runs[from] ?? 0, runs);
    parts.set(part, known);
  }
  return [...parts.values()].map((part) => ({ ...part, seconds: Math.round(part.seconds * 10) / 10 }));
}

/** In words: `from 1 restore and 3 drills; a guess: setting data aside`. */
function basisOf(parts: readonly ForecastPart[]): string {
  const most = (from: Exclude<Source, 'guess'>) => Math.max(0, ...parts.map(({ runs }) => runs[from] ?? 0));
  const counted = (count: number, word: string) => (count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]);
  const known = [...counted(most('restores'), 'restore'), ...counted(most('drills'), 'drill')];
  if (known.length === 0) return 'a guess: no restore or drill of this platform has passed yet';
  const guessed = parts.filter(({ from, seconds }) => from.includes('guess') && seconds >= 1).map(({ part }) => part);
  return `from ${known.join(' and ')}${guessed.length > 0 ? `; at least in part a guess: ${guessed.join(', ')}` : ''}`;
}
