import { stepMarks, type RunProgress, type StepState } from '../../domain/runs/progress.ts';
import type { StepProgress } from '../../domain/plans/steps.ts';
import type { Output } from '../output.ts';
import type { PendingActivity } from '../../client/pending.ts';
import { renderDecisions } from './report.ts';
import { shorten, table } from './table.ts';
import { bytes, elapsed } from './units.ts';

/** The whole run as a block of lines: heading, steps with times, bars inside running steps, and what it waits for. */
export function renderRun(
  progress: RunProgress,
  pending: readonly PendingActivity[],
  { colour }: Pick<Output, 'colour'>,
  { width, now }: { width: number; now: number },
): string {
  const paint: Record<StepState['status'], (text: string) => string> = {
    waiting: colour.dim,
    running: colour.cyan,
    done: colour.green,
    failed: colour.red,
    skipped: colour.yellow,
    undone: colour.yellow,
  };
  const rows = progress.steps.map((step) => [
    stepMarks[step.status],
    step.id === progress.pointOfNoReturn?.step ? `${step.title} ◀ point of no return` : step.title,
    elapsed(step.startedAt, step.finishedAt, now).padStart(8),
    detailOf(
      step,
      pending.find(({ step: id }) => id === step.id),
    ),
  ]);
  const lines = table(rows, { indent: '  ' }).map((line, index) =>
    paint[progress.steps[index]?.status ?? 'waiting'](shorten(line, width)),
  );
  return [heading(progress, now), ...lines, ...footer(progress, pending, now)].join('\n');
}

function heading(progress: RunProgress, now: number): string {
  const point = progress.recoveryPoint
    ? ` to ${progress.recoveryPoint.id}${progress.recoveryPoint.adopted ? ' (adopted)' : ''}`
    : '';
  const spent = elapsed(progress.startedAt, progress.finishedAt, now);
  return `${progress.kind} of ${progress.platform}${progress.kind === 'restore' ? point : ''}: ${progress.phase}, ${spent} (${progress.run})`;
}

/** What is said beside a step: its outcome, or while it runs a bar, or why it is being tried again. */
function detailOf(step: StepState, activity: PendingActivity | undefined): string {
  if (step.status !== 'running') return step.summary ?? '';
  if (activity === undefined) return '';
  if (activity.lastFailure !== undefined)
    return `attempt ${activity.attempt}${activity.maximumAttempts > 0 ? ` of ${activity.maximumAttempts}` : ''}: ${activity.lastFailure}`;
  return activity.progress ? progressWords(activity.progress) : '';
}

export function progressWords({ done, total, unit, note }: StepProgress): string {
  const amount = (count: number) => (unit === 'bytes' ? bytes(count) : `${count.toLocaleString('en')} ${unit}`);
  if (total <= 0) return [note, unit === 'seconds' ? '' : amount(done)].filter(Boolean).join(', ');
  const share = Math.min(1, done / total);
  const filled = Math.round(share * 20);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${Math.floor(share * 100)} %  ${amount(done)} of ${amount(total)}  ${note}`.trimEnd();
}

function footer(progress: RunProgress, pending: readonly PendingActivity[], now: number): string[] {
  const known = new Set(progress.steps.map(({ id }) => id));
  return [
    ...(progress.note ? [`  ${progress.note}`] : []),
    ...pending
      .filter(({ step }) => !known.has(step))
      .map(({ title, lastFailure, attempt, maximumAttempts, startedAt }) =>
        lastFailure === undefined
          ? `  ${title} … ${elapsed(startedAt, undefined, now)}`
          : `  ${title}: attempt ${attempt} of ${maximumAttempts}: ${lastFailure}`,
      ),
    ...renderDecisions(progress),
  ];
}
