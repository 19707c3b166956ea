import type { PointsPage } from '../../api/types.ts';
import type { RecoveryPointSummary } from '../../domain/recovery-points/recovery-point.ts';

interface Listed extends Omit<PointsPage, 'next'> {
  /** Newest first. */
  points: RecoveryPointSummary[];
}

/** `before`: the `next` of the page before; a point that has gone since then leaves no gap and repeats nothing. */
export function pageOf(
  { points, unfinished, halfRemoved, warnings }: Listed,
  { limit, before }: { limit: number; before?: string | undefined },
): PointsPage {
  const begin = before === undefined ? 0 : placeOf(points, before);
  const page = points.slice(begin, begin + limit);
  const last = page.at(-1);
  const more = begin + limit < points.length;
  return {
    points: page,
    ...(begin === 0 && { unfinished, halfRemoved, warnings }),
    ...(more && last && { next: last.id }),
  };
}

/** After the point itself; when it has gone, where it stood: ids begin with the time. */
function placeOf(points: readonly RecoveryPointSummary[], before: string): number {
  const at = points.findIndex(({ id }) => id === before);
  if (at >= 0) return at + 1;
  const older = points.findIndex(({ id }) => id < before);
  return older >= 0 ? older : points.length;
}
