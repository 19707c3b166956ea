import type { RunProgress, StepStatus, Wait } from '../runs/progress.ts';
import { seconds } from '../units.ts';

/** A line of the timeline: a step, or a time that the run spent waiting. Times in seconds from the run's start. */
export interface TimelineBar {
  title: string;
  fromSeconds: number;
  toSeconds: number;
  state: StepStatus | 'wait';
}

export interface Timeline {
  bars: TimelineBar[];
  totalSeconds: number;
  /** Where the point of no return was passed. */
  noReturnSeconds?: number;
}

const waitTitles: Record<Wait['for'], string> = {
  lock: 'Waited for another run',
  approval: 'Waited for approval',
  decision: 'Waited for a decision',
};

/** Head of the timeline as a table. */
export const timelineColumns = ['From', 'Took', 'What', 'State'] as const;

/** The timeline where no picture can be drawn: a row for each step and wait, and one where the point of no return was passed. */
export function timelineRows({ bars, noReturnSeconds }: Timeline): string[][] {
  const rows = bars.map(({ title, fromSeconds, toSeconds, state }) => ({
    at: fromSeconds,
    cells: [`+${seconds(fromSeconds)}`, seconds(toSeconds - fromSeconds), title, state],
  }));
  if (noReturnSeconds !== undefined) {
    const later = rows.findIndex(({ at }) => at >= noReturnSeconds);
    const mark = { at: noReturnSeconds, cells: [`+${seconds(noReturnSeconds)}`, '', 'POINT OF NO RETURN', 'passed'] };
    rows.splice(later === -1 ? rows.length : later, 0, mark);
  }
  return rows.map(({ cells }) => cells);
}

/** What was done when, in the order of its beginning; steps that never began are left out. */
export function timelineOf(progress: RunProgress): Timeline {
  const { startedAt, finishedAt, steps, waits = [], pointOfNoReturn } = progress;
  const begin = Date.parse(startedAt);
  const since = (time: string) => Math.max(0, (Date.parse(time) - begin) / 1000);
  const ends = steps.flatMap((step) => step.finishedAt ?? step.startedAt ?? []).map(since);
  const totalSeconds = Math.max(0, ...ends, ...(finishedAt === undefined ? [] : [since(finishedAt)]));
  const ofSteps = steps.flatMap(({ title, status, startedAt: from, firstStartedAt, finishedAt: to }): TimelineBar[] =>
    from === undefined
      ? []
      : [
          {
            title,
            fromSeconds: since(firstStartedAt ?? from),
            toSeconds: to === undefined ? totalSeconds : since(to),
            state: status,
          },
        ],
  );
  const ofWaits = waits.map((wait): TimelineBar => ({
    title: waitTitles[wait.for],
    fromSeconds: since(wait.startedAt),
    toSeconds: since(wait.finishedAt),
    state: 'wait',
  }));
  const bars = [...ofSteps, ...ofWaits].sort((a, b) => a.fromSeconds - b.fromSeconds || a.toSeconds - b.toSeconds);
  const passed = pointOfNoReturn?.passedAt;
  return { bars, totalSeconds, ...(passed !== undefined && { noReturnSeconds: since(passed) }) };
}
