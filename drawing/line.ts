import type { Area, Point, Size } from './area.ts';
import type { Placed, RoutedEdge } from './place.ts';

/** The point of no return: what lies below it can only run after it. */
export interface Line {
  at: number;
  /** Where its words stand, free of edges; beyond `width` when there is no room within. */
  words: Area;
}

/** Undefined: nothing is after it. `words`: the space that they take. */
export function lineAmong(
  placed: readonly Placed[],
  routed: readonly RoutedEdge[],
  { width, words }: { width: number; words: Size },
): Line | undefined {
  const below = placed.filter(({ side }) => side === 'after').map(({ y }) => y);
  if (below.length === 0) return undefined;
  const above = placed.filter(({ side }) => side === 'before').map(({ y, height }) => y + height);
  const either = placed.filter(({ side }) => side === 'either');
  const first = Math.min(...below);
  // With nothing above it, its words need room of their own.
  const at = above.length + either.length > 0 ? (Math.max(0, ...above) + first) / 2 : first - 10;
  const near = { from: at - words.height - 4, to: at + words.height + 4 };
  const taken = [
    ...routed.flatMap(({ points }) => crossing(points, near)),
    ...either.filter(({ y, height }) => y < near.to && y + height > near.from).map((box) => [box.x, box.x + box.width]),
  ] as [number, number][];
  return { at, words: { ...words, y: at - words.height - 2, x: freeSpan(taken, width, words.width) } };
}

/** The span of x that a line takes between two heights; nothing when it does not come there. */
function crossing(points: readonly Point[], { from, to }: { from: number; to: number }): [number, number][] {
  return points.slice(1).flatMap((point, index): [number, number][] => {
    const before = points[index] ?? point;
    if (before.y > to || point.y < from) return [];
    return [[Math.min(before.x, point.x), Math.max(before.x, point.x)]];
  });
}

/** The first place from the left that is wide enough. */
function freeSpan(taken: readonly [number, number][], width: number, wanted: number): number {
  const margin = 6;
  let x = 0;
  for (const [from, to] of taken.toSorted(([a], [b]) => a - b)) {
    if (from - x >= wanted + margin) return x;
    x = Math.max(x, to + margin);
  }
  return width - x >= wanted ? x : Math.max(x, width);
}
