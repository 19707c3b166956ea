import type { Output } from '../output.ts';
import type { PendingStep } from '../../domain/runs/pending-step.ts';
import { stepMarks, type RunProgress, type StepState, type StepStatus } from '../../domain/runs/progress.ts';
import type { StepProgress } from '../../domain/plans/steps.ts';
import { attemptWords } from './progress-head.ts';
import { table } from './table.ts';
import { oneLine, shorten, shortenMiddle, widthOf } from './text-width.ts';
import { bytes, elapsed, seconds } from '../../domain/units.ts';

const statuses: StepStatus[] = ['done', 'skipped', 'undone', 'running', 'failed', 'waiting'];

/** In the order in which they are shown. */
const groups = ['past', 'active', 'ahead'] as const;
type Group = (typeof groups)[number];

interface Space {
  width: number;
  /** Lines. */
  room: number;
  now: number;
}

/** What is done, what runs or failed, what waits; of a long plan the last few, all, and the next few. */
export function renderSteps(
  progress: RunProgress,
  pending: readonly PendingStep[],
  colour: Output['colour'],
  { width, room, now }: Space,
): string[] {
  const paint: Record<StepStatus, (text: string) => string> = {
    waiting: colour.dim,
    running: colour.cyan,
    done: colour.green,
    failed: colour.red,
    skipped: colour.yellow,
    undone: colour.yellow,
  };
  const { before, shown, after } = fold(progress.steps, room);
  const rows = shown.map((step) => ({
    step,
    mark: stepMarks[step.status],
    time: elapsed(step.startedAt, step.finishedAt, now),
    activity: pending.find(({ step: id }) => id === step.id),
  }));
  const timeWidth = Math.max(8, ...rows.map(({ time }) => time.length));
  // Indent, mark, and two spaces between the columns.
  const free = width - 2 - 1 - 2 - timeWidth - 2 - 2;
  // A long name leaves room for the summary next to it.
  const titleWidth = Math.max(12, Math.floor(free / 2));
  const longest = Math.min(titleWidth, Math.max(0, ...rows.map(({ step }) => widthOf(step.title))));
  const lines = table(
    rows.map(({ step, mark, time, activity }) => [
      mark,
      shortenMiddle(step.title, titleWidth),
      time.padStart(timeWidth),
      oneLine(detailOf(step, progress, activity, free - longest)),
    ]),
    { indent: '  ' },
  ).map((line, index) => paint[rows[index]?.step.status ?? 'waiting'](shorten(line, width)));
  const folded = (steps: readonly StepState[]) =>
    steps.length === 0 ? [] : [colour.dim(shorten(`  …  ${countsOf(steps)}`, width))];
  return [...folded(before), ...lines, ...folded(after)];
}

/** Which steps are shown in so many lines, and which are counted before and after them, in a line each. */
function fold(steps: readonly StepState[], room: number) {
  const grouped: Record<Group, StepState[]> = { past: [], active: [], ahead: [] };
  for (const step of steps) grouped[groupOf(step)].push(step);
  // Steps run side by side: in the plan's order those that ended last need not stand together.
  grouped.past.sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? ''));
  if (steps.length <= room) return { before: [], shown: groups.flatMap((group) => grouped[group]), after: [] };
  const lines = Math.max(0, room - (grouped.past.length > 0 ? 1 : 0));
  const all = share(lines, grouped);
  // One line less where the end is folded, too.
  const whole = all.active === grouped.active.length && all.ahead === grouped.ahead.length;
  const count = whole ? all : share(lines - 1, grouped);
  const past = grouped.past.length - count.past;
  return {
    before: room < 2 ? [] : grouped.past.slice(0, past),
    shown: [
      ...grouped.past.slice(past),
      ...grouped.active.slice(0, count.active),
      ...grouped.ahead.slice(0, count.ahead),
    ],
    after: room < 1 ? [] : [...grouped.active.slice(count.active), ...grouped.ahead.slice(count.ahead)],
  };
}

/** All that is active; the rest in turns, what comes next first. */
function share(lines: number, grouped: Record<Group, readonly StepState[]>): Record<Group, number> {
  const count = { past: 0, active: Math.min(Math.max(0, lines), grouped.active.length), ahead: 0 };
  for (let left = lines - count.active; left > 0;) {
    const before = left;
    for (const group of ['ahead', 'past'] as const)
      if (left > 0 && count[group] < grouped[group].length) {
        count[group] += 1;
        left -= 1;
      }
    if (left === before) break;
  }
  return count;
}

function groupOf({ status }: StepState): Group {
  if (status === 'waiting') return 'ahead';
  return status === 'running' || status === 'failed' ? 'active' : 'past';
}

function countsOf(steps: readonly StepState[]): string {
  return statuses
    .map((status) => ({ status, count: steps.filter((step) => step.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} more ${status}`)
    .join(', ');
}

/** The summary next to a step: its outcome, or while it runs its progress, or why it is retried. */
function detailOf(
  step: StepState,
  { pointOfNoReturn, pendingDecisions, failure }: RunProgress,
  activity: PendingStep | undefined,
  width: number,
): string {
  const { id, status, summary = '' } = step;
  if (status === 'waiting') return id === pointOfNoReturn?.step ? '◀ point of no return' : '';
  if (status === 'failed') {
    // The message stands with the decision, or at the end with its remedy.
    if (pendingDecisions.some((pending) => pending.step === id)) return 'waits for a decision';
    return failure?.message.includes(summary) ? '' : summary;
  }
  if (status !== 'running') return summary;
  if (activity?.lastFailure !== undefined) return attemptWords(activity);
  return activity?.progress ? progressWords(activity.progress, width) : '';
}

/** How far something is: a bar where a share is known. A time limit is not a share: using it up is not progress. */
export function progressWords({ done, total, unit, note }: StepProgress, width: number): string {
  if (unit === 'seconds') return [note, total > 0 ? `at most ${seconds(total)}` : ''].filter(Boolean).join(', ');
  const amount = (count: number) =>
    unit === 'bytes' ? bytes(count) : `${count.toLocaleString('en')} ${unitOf(count)}`;
  const unitOf = (count: number) => (count === 1 ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit);
  if (total <= 0) return [note, amount(done)].filter(Boolean).join(', ');
  const part = Math.min(1, done / total);
  const bar = width < 40 ? 0 : width < 60 ? 10 : 20;
  const filled = Math.round(part * bar);
  const drawn = bar === 0 ? '' : `${'█'.repeat(filled)}${'░'.repeat(bar - filled)} `;
  const counted = unit === 'bytes' ? amount(done) : done.toLocaleString('en');
  return `${drawn}${Math.floor(part * 100)} %  ${counted} of ${amount(total)}  ${note}`.trimEnd();
}
