import type { RunOutcome } from '../runs/outcome.ts';

/** A time in which the newest backup was older than the RPO allows. ISO 8601, UTC. */
export interface Gap {
  from: string;
  to: string;
  seconds: number;
}

type Ended = Pick<RunOutcome, 'kind' | 'phase' | 'finishedAt' | 'durationSeconds'>;

/**
 * From the outcomes of backups: each time between `from` and `to` in which the start of the newest backup that had passed lay
 * more than the RPO back. Without any before it, the period's beginning counts as one.
 */
export function gapsBetween(outcomes: readonly Ended[], from: string, to: string, recoveryPointMinutes: number): Gap[] {
  const allowedMs = recoveryPointMinutes * 60_000;
  const passed = outcomes
    .filter(({ kind, phase }) => kind === 'backup' && phase === 'passed')
    .map(({ finishedAt, durationSeconds }) => ({
      start: Date.parse(finishedAt) - durationSeconds * 1000,
      end: Date.parse(finishedAt),
    }))
    .filter(({ end }) => end <= Date.parse(to))
    .sort((a, b) => a.end - b.end);
  const gaps: Gap[] = [];
  let newest = passed.findLast(({ end }) => end <= Date.parse(from))?.start ?? Date.parse(from);
  const note = (until: number) => {
    const began = Math.max(newest + allowedMs, Date.parse(from));
    if (began < until) gaps.push({ from: isoOf(began), to: isoOf(until), seconds: Math.round((until - began) / 1000) });
  };
  for (const { start, end } of passed.filter((one) => one.end > Date.parse(from))) {
    note(end);
    newest = Math.max(newest, start);
  }
  note(Date.parse(to));
  return gaps;
}

const isoOf = (time: number) => new Date(time).toISOString();
