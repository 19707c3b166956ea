import type { RunOutcome } from '../runs/outcome.ts';

/** A time in which what should be there was missing, or older than an objective allows. ISO 8601, UTC. */
export interface Gap {
  from: string;
  to: string;
  seconds: number;
}

/** Something that must come again and again. In milliseconds since 1970. */
interface Moment {
  /** When it was there. */
  at: number;
  /** From when on it counts: of a backup its start, since what was written later is not in it. */
  since: number;
}

type Ended = Pick<RunOutcome, 'kind' | 'phase' | 'finishedAt' | 'durationSeconds'>;

/**
 * From the outcomes of backups: each time between `from` and `to` in which the start of the newest backup that had passed lay
 * more than the RPO back. Without any before it, the period's beginning counts as one.
 */
export function gapsBetween(outcomes: readonly Ended[], from: string, to: string, recoveryPointMinutes: number): Gap[] {
  const passed = outcomes
    .filter(({ kind, phase }) => kind === 'backup' && phase === 'passed')
    .map(({ finishedAt, durationSeconds }) => ({
      since: Date.parse(finishedAt) - durationSeconds * 1000,
      at: Date.parse(finishedAt),
    }));
  return gapsOf(passed, from, to, recoveryPointMinutes * 60_000);
}

/**
 * The same of what should have happened at least every so many days, by the times at which it did (ISO 8601, UTC): drills,
 * proofs. Those before the period count as well.
 */
export function gapsOfDays(times: readonly string[], from: string, to: string, days: number): Gap[] {
  const moments = times.map((time) => ({ since: Date.parse(time), at: Date.parse(time) }));
  return gapsOf(moments, from, to, days * 86_400_000);
}

function gapsOf(moments: readonly Moment[], from: string, to: string, allowedMs: number): Gap[] {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const known = moments.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
  const gaps: Gap[] = [];
  let newest = known.findLast(({ at }) => at <= begin)?.since ?? begin;
  const note = (until: number) => {
    const began = Math.max(newest + allowedMs, begin);
    if (began < until) gaps.push({ from: isoOf(began), to: isoOf(until), seconds: Math.round((until - began) / 1000) });
  };
  for (const { since, at } of known.filter((one) => one.at > begin)) {
    note(at);
    newest = Math.max(newest, since);
  }
  note(end);
  return gaps;
}

const isoOf = (time: number) => new Date(time).toISOString();
