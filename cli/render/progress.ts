import type { RunProgress } from '../../domain/runs/progress.ts';
import type { Output } from '../output.ts';
import type { PendingStep } from '../../domain/runs/pending-step.ts';
import { renderHead } from './progress-head.ts';
import { renderSteps } from './progress-steps.ts';
import { renderDecisions } from './report.ts';
import { shorten, wrap } from './text-width.ts';

export interface Screen {
  /** In columns and lines; what does not fit is folded. */
  width: number;
  height?: number;
  /** Milliseconds since 1970. */
  now: number;
  /** Why the run's state is out of date. */
  trouble?: string;
}

/**
 * The whole run as a block of lines that fits the screen: what it is, how far it is and what it waits for; the steps
 * around those that run now; what a person must decide.
 */
export function renderRun(
  progress: RunProgress,
  pending: readonly PendingStep[],
  { colour }: Pick<Output, 'colour'>,
  { width, height = Infinity, now, trouble }: Screen,
): string {
  const head = renderHead(progress, pending, colour, { width, now, trouble }).slice(0, height);
  const left = height - head.length;
  const decisions = renderWhatToDecide(progress, width, left);
  const steps = renderSteps(progress, pending, colour, { width, room: left - decisions.length, now });
  return [...head, ...steps, ...decisions].join('\n');
}

/** In full when that leaves room for a few steps, else what failed and the one command to type. */
function renderWhatToDecide(progress: RunProgress, width: number, room: number): string[] {
  const full = renderDecisions(progress).flatMap((line) => wrap(line, width));
  if (full.length <= Math.max(0, room - Math.min(3, progress.steps.length))) return full;
  const short = progress.pendingDecisions.flatMap(({ step, failure, choices }) => [
    shorten(`  ${step} failed: ${failure.message}`, width),
    ...wrap(`  rekindle decide ${progress.run} ${choices.map(({ choice }) => choice).join('|')} --step ${step}`, width),
  ]);
  if (short.length <= room) return short;
  return [...short.slice(0, Math.max(0, room - 1)), shorten(`  … rekindle status ${progress.run}`, width)].slice(
    0,
    room,
  );
}
