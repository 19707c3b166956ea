import type { Action, StepId } from '../plans/steps.ts';
import type { MeasuredRun, MeasuredStep } from './measured.ts';
import { sharedId } from './measured.ts';

/** Where the time of a step is known from. */
export type Source = 'restores' | 'drills' | 'guess';

export interface StepTime {
  seconds: number;
  from: Source;
  /** In how many runs it was measured; 0: it is a guess. */
  runs: number;
}

/** Of each kind of run so many of the newest count: the median of three is not spoiled by one bad night. */
export const mostRuns = 3;

/** What a step takes that nobody has measured: rather too long than too short. Not listed: one that only looks. */
const guesses: Partial<Record<Action, number>> = {
  stopService: 15,
  quarantineVolume: 5,
  removeVolume: 5,
  startService: 15,
  awaitStore: 45,
  verifyIndices: 15,
  rebuildQueue: 15,
  verifyQueue: 5,
  failRunningJobs: 5,
  runContainer: 60,
  smokeCheck: 5,
  confirmHealth: 5,
};
const guessForOthers = 2;
const guessedRestore = { seconds: 5, bytesPerSecond: 40e6 };

interface Asked {
  id: StepId;
  action: Action;
  /** What it will move; absent: it moves nothing. */
  bytes?: number | undefined;
}

/**
 * How long a step will take: the median of what the same step took before, else of what others of its kind took, else a
 * guess. `prefer`: runs of this kind come first, since a drill's services have less memory and fewer processors than those of a
 * restore; the others count for steps that these have not measured. `runs`: the newest first.
 */
export function stepTime(step: Asked, runs: readonly MeasuredRun[], prefer: MeasuredRun['kind']): StepTime {
  const kinds: MeasuredRun['kind'][] = prefer === 'restore' ? ['restore', 'drill'] : ['drill', 'restore'];
  const same = (run: MeasuredRun) => run.steps[sharedId(step.id)];
  const alike = (run: MeasuredRun) => average(Object.values(run.steps).filter(({ action }) => action === step.action));
  for (const find of [same, alike])
    for (const kind of kinds) {
      const found = runs.filter((run) => run.kind === kind).flatMap((run) => find(run) ?? []);
      const newest = found.slice(0, mostRuns);
      if (newest.length > 0)
        return {
          seconds: secondsFor(step.bytes, newest),
          from: kind === 'restore' ? 'restores' : 'drills',
          runs: newest.length,
        };
    }
  return { seconds: guessFor(step), from: 'guess', runs: 0 };
}

function guessFor({ action, bytes = 0 }: Asked): number {
  if (action === 'restoreIndices' || action === 'restoreParts')
    return guessedRestore.seconds + bytes / guessedRestore.bytesPerSecond;
  return guesses[action] ?? guessForOthers;
}

/** Of several steps of one kind in a run. */
function average(steps: readonly MeasuredStep[]): MeasuredStep | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const bytes = steps.flatMap((step) => step.bytes ?? []);
  return {
    action: first.action,
    seconds: mean(steps.map(({ seconds }) => seconds)),
    ...(bytes.length === steps.length && { bytes: mean(bytes) }),
  };
}

/** Sizes that differ by less say nothing of what a byte costs. */
const tellingRatio = 1.5;

/**
 * Seconds for so many bytes. Where the measured sizes differ enough, a line through them tells what is fixed from what grows;
 * otherwise time grows with the bytes, which is cautious for more of them. Fewer bytes never take less than the fixed part.
 */
function secondsFor(bytes: number | undefined, measured: readonly MeasuredStep[]): number {
  const usual = median(measured.map(({ seconds }) => seconds));
  const sized = measured.flatMap(({ bytes: moved = 0, seconds }) => (moved > 0 ? [{ moved, seconds }] : []));
  if (bytes === undefined || sized.length === 0) return usual;
  const sizes = sized.map(({ moved }) => moved);
  if (Math.max(...sizes) >= tellingRatio * Math.min(...sizes)) {
    const line = lineThrough(sized);
    if (line.perByte > 0 && line.fixed >= 0) return line.fixed + line.perByte * bytes;
  }
  return bytes * median(sized.map(({ moved, seconds }) => seconds / moved));
}

/** Least squares. */
function lineThrough(points: readonly { moved: number; seconds: number }[]): { fixed: number; perByte: number } {
  const mean = (of: 'moved' | 'seconds') => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [moved, seconds] = [mean('moved'), mean('seconds')];
  const spread = points.reduce((sum, point) => sum + (point.moved - moved) ** 2, 0);
  const perByte = points.reduce((sum, point) => sum + (point.moved - moved) * (point.seconds - seconds), 0) / spread;
  return { fixed: seconds - perByte * moved, perByte };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
