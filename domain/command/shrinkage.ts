import type { CommandExpectedSet } from './expected.ts';

/** A few come and go. */
const few = 10;

type Counted = Pick<CommandExpectedSet, 'counts'>;

/** What an export holds less than the one before, a sentence each; what no command counts is not measured. */
export function commandShrinkage(before: Counted, now: Counted, mayShrinkPercent: number): string[] {
  if (before.counts === undefined || now.counts === undefined) return [];
  const found = now.counts;
  return Object.entries(before.counts).flatMap(([what, { least: then }]) => {
    const left = found[what]?.most ?? 0;
    const least = Math.floor((then * (100 - mayShrinkPercent)) / 100);
    return then - left > few && left < least ? [`it has ${left} ${what}, of ${then}`] : [];
  });
}

export function commandWords({ counts }: Counted): string {
  if (counts === undefined) return 'An export that no command counts';
  return Object.entries(counts)
    .map(([what, { least }]) => `${least} ${what}`)
    .join(', ');
}
