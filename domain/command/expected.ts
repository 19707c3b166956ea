import type { ImportMode, StoreName } from '../platform.ts';
import type { Counted } from '../streams/counts.ts';

/** Ways of importing into what holds something already; what each does is up to the command. */
export const importModes = ['skip-existing', 'override', 'batch'] as const satisfies readonly ImportMode[];

/** What an import must bring back, as the platform's own command counts it. */
export interface CommandExpectedSet {
  version: 1;
  store: StoreName;
  /** By what it counts: `policies`. Both are equal when as many were counted before the export and after it. Absent: no command counts. */
  counts?: Record<string, Counted>;
}

/** From what was counted before the export and after it; what was counted only once was none the other time. */
export function countedBetween(before: Record<string, number>, after: Record<string, number>): Record<string, Counted> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const counts = [before[name] ?? 0, after[name] ?? 0];
      return [name, { least: Math.min(...counts), most: Math.max(...counts) }];
    }),
  );
}

/**
 * Counts as a command prints them: a number alone, or on each line a name and a number behind it, with blanks, `:` or `=` between.
 * Undefined: it is none of these.
 */
export function parseCounts(output: string): Record<string, number> | undefined {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first = ''] = lines;
  if (lines.length === 1 && /^\d{1,15}$/.test(first)) return { entries: Number(first) };
  const pairs = lines.map((line) => /^(\S(?:.*?\S)?)\s*(?:[\s:=])\s*(\d{1,15})$/.exec(line));
  if (lines.length === 0 || pairs.some((pair) => pair === null)) return undefined;
  const named = pairs.map((pair): [string, number] => [pair?.[1] ?? '', Number(pair?.[2])]);
  const counts = Object.fromEntries(named);
  return Object.keys(counts).length === named.length ? counts : undefined;
}
