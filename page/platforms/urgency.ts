import type { PlatformRow } from '../../api/types.ts';
import { waitsForPerson } from '../../domain/runs/progress.ts';
import type { HealthState } from '../../domain/status/status.ts';
import { healthWords, noWorker, phaseWord, readinessWords, type StateWord } from '../parts/tones.ts';

const urgencyOfState: Record<HealthState, number> = { failed: 400, none: 400, unknown: 300, stale: 300, good: 0 };

/** What a person should look at first has the highest figure. */
export function urgencyOf(row: PlatformRow): number {
  const runs = 'value' in row.runs ? row.runs.value : [];
  const asks = runs.some(waitsForPerson);
  return (
    urgencyOfState[row.state] +
    (asks ? 1000 : 0) +
    (row.incidents > 0 ? 500 : 0) +
    (row.worker === 'absent' ? 400 : 0) +
    (row.readiness?.verdict === 'not ready' ? 200 : 0) +
    (runs.length > 0 ? 20 : 0) +
    ((row.suspectPoints ?? 0) > 0 ? 10 : 0)
  );
}

/** Urgent ones first, then by name. */
export function byUrgency(rows: readonly PlatformRow[]): PlatformRow[] {
  const urgency = new Map(rows.map((row) => [row, urgencyOf(row)]));
  const of = (row: PlatformRow) => urgency.get(row) ?? 0;
  return rows.toSorted((a, b) => of(b) - of(a) || (a.platform < b.platform ? -1 : 1));
}

/** Each word of the filter must occur: in the name, in the state, or in what is wrong. */
export function matching(rows: readonly PlatformRow[], filter: string): PlatformRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = `${row.platform} ${stateOf(row).word} ${row.state} ${row.reason ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * What the row says in one word: what waits for a person comes before how the backups are, and that the platform could not be restored
 * before that they are good. Where no worker is, nobody is asked: no answer would have an effect.
 */
export function stateOf(row: PlatformRow): StateWord {
  const health = healthWords[row.state];
  if (row.worker === 'absent') return health.tone === 'bad' ? health : noWorker;
  const runs = 'value' in row.runs ? row.runs.value : [];
  const waiting = runs.find(waitsForPerson);
  if (waiting) return { ...phaseWord(waiting.phase), word: 'Needs you' };
  const unready = health.tone === 'good' && row.readiness?.verdict === 'not ready';
  return unready ? readinessWords['not ready'] : health;
}

/** For what a row lacks: `word` only when the whole catalogue has been read. */
export const absentWord = ({ recoveryPoints }: PlatformRow, word: string): string =>
  recoveryPoints === undefined ? 'not known' : word;

/** One line above the list: how many need a person, are not well, are well. */
export function summaryOf(rows: readonly PlatformRow[]): (StateWord & { count: number })[] {
  const counts = new Map<string, StateWord & { count: number }>();
  for (const row of byUrgency(rows)) {
    const state = stateOf(row);
    const before = counts.get(state.word) ?? { ...state, count: 0 };
    counts.set(state.word, { ...before, count: before.count + 1 });
  }
  return [...counts.values()];
}
