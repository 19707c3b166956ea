import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import { countText, type Counted } from '../streams/counts.ts';
import type { CommandExpectedSet } from './expected.ts';

/** What was imported, against what was exported. Undefined counts: no command counts, and nothing is proven by it. */
export function compareCounts(
  { store, counts }: CommandExpectedSet,
  found: Record<string, number> | undefined,
): Check[] {
  if (counts === undefined || found === undefined) return [];
  const name = `counts ${store}`;
  const differing = (is: (have: number, wanted: Counted) => boolean) =>
    Object.entries(counts)
      .filter(([what, wanted]) => is(found[what] ?? 0, wanted))
      .map(([what, wanted]) => `${found[what] ?? 0} ${what}, not ${countText(wanted)}`);
  const fewer = differing((have, wanted) => have < wanted.least);
  if (fewer.length > 0)
    return [
      failed(
        name,
        listed(fewer),
        'Import again, or from another recovery point; the output of the import command may say what it left out',
      ),
    ];
  const more = differing((have, wanted) => have > wanted.most);
  if (more.length > 0)
    return [
      warned(
        name,
        `More than the point has: ${listed(more)}`,
        'An import removes nothing; remove what is too much by hand',
      ),
    ];
  return [
    passed(
      name,
      `As exported: ${listed(Object.entries(counts).map(([what, count]) => `${countText(count)} ${what}`))}`,
    ),
  ];
}
