import type { Output } from '../output.ts';
import type { PendingStep } from '../../domain/runs/pending-step.ts';
import { downtimeOf } from '../../domain/runs/downtime.ts';
import type { Obstacle, RunProgress } from '../../domain/runs/progress.ts';
import { startedByWords } from '../../domain/runs/started-by.ts';
import { shorten, widthOf, wrap } from './text-width.ts';
import { elapsed, seconds } from '../../domain/units.ts';

/** The longest note is a command to type; longer ones are a server's error message. */
const linesPerNote = 3;

/** What a run is, how far it is, what it waits for: the lines that stay when all else is folded. */
export function renderHead(
  progress: RunProgress,
  pending: readonly PendingStep[],
  colour: Output['colour'],
  { width, now, trouble }: { width: number; now: number; trouble?: string | undefined },
): string[] {
  const notes = trouble === undefined ? waitsFor(progress, pending, now) : [trouble];
  return [
    colour.bold(title(progress, width, now)),
    ...packed(facts(progress, now), width),
    ...notes.flatMap((note) => atMost(linesPerNote, wrap(`  ${note}`, width), width)),
  ];
}

/** Phase and time are never cut off; a long name of the platform is. */
function title(progress: RunProgress, width: number, now: number): string {
  const point =
    progress.recoveryPoint && progress.kind === 'restore'
      ? ` to ${progress.recoveryPoint.id}${progress.recoveryPoint.adopted ? ' (adopted)' : ''}`
      : '';
  const state = `: ${progress.phase}, ${elapsed(progress.startedAt, progress.finishedAt, now)}`;
  const subject = shorten(`${progress.kind} of ${progress.platform}${point}`, Math.max(8, width - widthOf(state)));
  return shorten(`${subject}${state}`, width);
}

function facts(progress: RunProgress, now: number): string[] {
  const { run, steps, startedBy, pointOfNoReturn, finishedAt } = progress;
  const done = steps.filter(({ status }) => status === 'done').length;
  // When the run has ended, the report says how long that was.
  const downtime = finishedAt === undefined ? downtimeOf(progress, now) : undefined;
  return [
    run,
    ...(startedBy ? [`started ${startedByWords(startedBy)}`] : []),
    ...(steps.length > 0 ? [`${done} of ${steps.length} steps done`] : []),
    ...(downtime ? [`downtime ${downtime.over ? '' : 'so far '}${seconds(downtime.seconds)}`] : []),
    ...(pointOfNoReturn?.passedAt === undefined ? [] : ['past the point of no return']),
  ];
}

function waitsFor(progress: RunProgress, pending: readonly PendingStep[], now: number): string[] {
  const { note = '', failure, obstacle, pendingDecisions, steps } = progress;
  // What failed is said with its decision, or at the end with its remedy.
  const saidElsewhere = pendingDecisions.length > 0 || (failure !== undefined && note.includes(failure.message));
  const known = new Set(steps.map(({ id }) => id));
  return [
    ...(note === '' || saidElsewhere ? [] : [note]),
    ...(obstacle ? [obstacleWords(obstacle)] : []),
    ...pending
      .filter(({ step }) => !known.has(step))
      .map(({ title, startedAt, ...activity }) =>
        activity.lastFailure === undefined
          ? `${title} … ${elapsed(startedAt, undefined, now)}`
          : `${title}: ${attemptWords(activity)}`,
      ),
  ];
}

/** What a quarantine waits for. */
export function obstacleWords({ failure, nextTryAt }: Obstacle): string {
  return `waits, deletes nothing, tries again at ${nextTryAt}: ${failure.message}; ${failure.remedy}`;
}

/** Why it is being tried again. */
export function attemptWords({
  attempt,
  maximumAttempts,
  lastFailure = '',
}: Pick<PendingStep, 'attempt' | 'maximumAttempts' | 'lastFailure'>): string {
  return `attempt ${attempt}${maximumAttempts > 0 ? ` of ${maximumAttempts}` : ''}: ${lastFailure}`;
}

/** As many to a line as fit. */
function packed(facts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const joined = lines.length === 0 ? `  ${fact}` : `${lines.at(-1) ?? ''} · ${fact}`;
    if (lines.length > 0 && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(shorten(`  ${fact}`, width));
  }
  return lines;
}

function atMost(count: number, lines: string[], width: number): string[] {
  if (lines.length <= count) return lines;
  return [...lines.slice(0, count - 1), shorten(`${lines[count - 1] ?? ''} …`, width)];
}
