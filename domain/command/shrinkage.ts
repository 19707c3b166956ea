import { isShrunk } from '../streams/counts.ts';
import type { CommandExpectedSet } from './expected.ts';

type Content = Pick<CommandExpectedSet, 'counts'>;

/** What an export holds less than the one before, a sentence each; what no command counts is not measured. */
export function commandShrinkage(before: Content, now: Content, mayShrinkPercent: number): string[] {
  if (before.counts === undefined || now.counts === undefined) return [];
  const found = now.counts;
  return Object.entries(before.counts).flatMap(([what, { least: then }]) => {
    const left = found[what]?.most ?? 0;
    return isShrunk(then, left, mayShrinkPercent) ? [`it has ${left} ${what}, of ${then}`] : [];
  });
}

export function commandWords({ counts }: Content): string {
  if (counts === undefined) return 'An export that no command counts';
  return Object.entries(counts)
    .map(([what, { least }]) => `${least} ${what}`)
    .join(', ');
}
