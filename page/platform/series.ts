import type { HistoryEntry } from '../../api/types.ts';

/** Columns as the plot wants them, oldest first; times in seconds, `null` where there is nothing. */
export interface Series {
  times: number[];
  /** Of what passed, in seconds. */
  durations: (number | null)[];
  added: (number | null)[];
  failures: (number | null)[];
  suspects: (number | null)[];
}

/** Outcomes of one kind; skipped ones did nothing. */
export function entriesOf(history: readonly HistoryEntry[], kind: HistoryEntry['kind']): HistoryEntry[] {
  return history.filter((entry) => entry.kind === kind && entry.phase !== 'skipped');
}

export function seriesOf(entries: readonly HistoryEntry[]): Series {
  const oldestFirst = entries.toSorted((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt));
  const where = (chosen: (entry: HistoryEntry) => boolean) =>
    oldestFirst.map((entry) => (chosen(entry) ? entry.durationSeconds : null));
  const isSuspect = ({ suspect }: HistoryEntry) => suspect === true;
  const isFailed = ({ phase }: HistoryEntry) => phase !== 'passed';
  return {
    times: oldestFirst.map(({ finishedAt }) => Date.parse(finishedAt) / 1000),
    durations: where((entry) => !isFailed(entry)),
    added: oldestFirst.map(({ incrementalBytes }) => incrementalBytes ?? null),
    failures: where((entry) => isFailed(entry) && !isSuspect(entry)),
    suspects: where(isSuspect),
  };
}
