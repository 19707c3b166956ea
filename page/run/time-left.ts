import type { PendingStep } from '../../api/types.ts';
import { bytes } from '../../domain/units.ts';
import { lasting } from '../parts/times.ts';

/** Before so much of it is done, a guess is none. */
const enough = 0.02;

/** Seconds until a step is done, at the pace so far; undefined: nothing to go by. `now` in milliseconds. */
export function secondsLeft({ progress, startedAt }: PendingStep, now: number): number | undefined {
  if (progress === undefined || startedAt === undefined || progress.total <= 0) return undefined;
  const share = progress.done / progress.total;
  const passed = (now - Date.parse(startedAt)) / 1000;
  if (share < enough || share > 1 || passed <= 0) return undefined;
  return (passed / share) * (1 - share);
}

/** `1.4 GB of 3.0 GB, about 2 min left`. */
export function progressWords(pending: PendingStep, now: number): string {
  const { progress } = pending;
  if (progress === undefined) return '';
  const { done, total, unit, note } = progress;
  const amount = (count: number) => (unit === 'bytes' ? bytes(count) : count.toLocaleString('en'));
  const all = total > 0 ? `${amount(done)} of ${amount(total)}` : amount(done);
  const left = secondsLeft(pending, now);
  return [
    unit === 'bytes' ? all : `${all} ${unit}`,
    ...(left === undefined ? [] : [`about ${lasting(Math.round(left))} left`]),
    ...(note === '' ? [] : [note]),
  ].join(', ');
}

/** For a bar, 0 to 1; undefined: its end is not known. */
export function shareOf({ progress }: PendingStep): number | undefined {
  return progress === undefined || progress.total <= 0 ? undefined : Math.min(1, progress.done / progress.total);
}
