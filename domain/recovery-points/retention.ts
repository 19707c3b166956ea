import type { RetentionPolicy } from '../platform.ts';
import { isGood, type RecoveryPointId, type RecoveryPointSummary } from './recovery-point.ts';
import { tiers, wantedTiers } from './retention-periods.ts';

export interface RetentionContext {
  /** ISO 8601, UTC. */
  now: string;
  /** Points that a run works with now. */
  running: ReadonlySet<RecoveryPointId>;
  /** Drills have restored a part of it, and go on until it is proven. */
  rehearsed?: RecoveryPointId | undefined;
}

/** What becomes of one recovery point, and every reason for it: what `prune --dry-run` shows. */
export interface RetentionVerdict {
  id: RecoveryPointId;
  keep: boolean;
  reasons: string[];
}

const dayMs = 86_400_000;

/** A suspect point may be all that exists of its time: whoever reads the monthly reports alone still finds it. */
const suspectDays = 30;

/**
 * What becomes of each recovery point, newest first. Never removed: the newest good one, the newest good one that
 * is proven, those that are pinned, those that a run works with, a suspect one while no good one is newer. One whose proof
 * is under way is kept as the tiers keep points, not beyond `maximumAgeDays`. Without a policy none is removed, but for those
 * whose deletion was begun.
 */
export function decideRetention(
  points: readonly RecoveryPointSummary[],
  policy: RetentionPolicy | undefined,
  context: RetentionContext,
): RetentionVerdict[] {
  const ordered = newestFirst(points);
  const good = ordered.filter(isGood);
  const wanted = policy ? reasonsOfPolicy(good, policy, context) : reasonsWithoutPolicy(good);
  const age = policy ? ageLimit(policy, context) : undefined;
  const provenId = good.find(({ provenAt }) => provenAt !== undefined)?.id;
  const minimum = policy?.minimumCount ?? 0;
  let newerGood = 0;

  return ordered.map((point): RetentionVerdict => {
    const { id } = point;
    const place = newerGood;
    if (isGood(point)) newerGood += 1;
    const protection = [
      ...(point.pinned ? [pinnedBy(point)] : []),
      ...(context.running.has(id) ? ['a run works with it'] : []),
    ];
    const keep = (reasons: string[]) => ({ id, keep: true, reasons: [...protection, ...reasons] });
    const remove = (reason: string) =>
      protection.length > 0 ? keep([reason]) : { id, keep: false, reasons: [reason] };

    if (point.deleting) return remove('its deletion was begun');
    if (point.bad) {
      if (policy === undefined) return keep(['bad, but there is no retention']);
      if (place < minimum) return keep([`bad, but only ${place} good ones are newer, fewer than ${minimum}`]);
      return remove(`bad, and ${place} good ones are newer`);
    }
    if (point.suspect) {
      if (policy === undefined) return keep(['suspect, and there is no retention']);
      if (place === 0) return keep(['suspect, and no good one is newer']);
      const days = (Date.parse(context.now) - Date.parse(point.startedAt)) / dayMs;
      if (days <= suspectDays) return keep([`suspect, kept for ${suspectDays} days`]);
      return remove(`suspect, older than ${suspectDays} days, and nobody accepted it`);
    }
    const lasting = [
      ...(place === 0 ? ['newest good one'] : []),
      ...(id === provenId ? ['newest proven'] : []),
      ...(minimum > 1 && place < minimum ? [`one of the ${minimum} newest`] : []),
    ];
    const tiered = [...(wanted.get(id) ?? []), ...(id === context.rehearsed ? ['drills are about to prove it'] : [])];
    if (age?.isOver(point) !== true) {
      const reasons = [...lasting, ...tiered];
      return reasons.length > 0 ? keep(reasons) : remove('no rule keeps it');
    }
    if (lasting.length > 0) return keep(lasting);
    return remove(`${age.words}, ${tiered.length > 0 ? `though ${tiered.join(', ')}` : 'no rule keeps it'}`);
  });
}

function newestFirst(points: readonly RecoveryPointSummary[]): RecoveryPointSummary[] {
  const newer = (a: RecoveryPointSummary, b: RecoveryPointSummary) =>
    a.startedAt === b.startedAt ? a.id > b.id : a.startedAt > b.startedAt;
  return points.toSorted((a, b) => (newer(a, b) ? -1 : 1));
}

function pinnedBy({ pinnedBy: by = [] }: RecoveryPointSummary): string {
  return by.length === 0 ? 'pinned' : `pinned by ${by.join(', ')}`;
}

function reasonsWithoutPolicy(good: readonly RecoveryPointSummary[]): Map<RecoveryPointId, string[]> {
  return new Map(good.map(({ id }) => [id, ['the platform file has no backup.retention']]));
}

/** Why the tiers keep a point: the newest good one of each of the last so many periods that have one. */
function reasonsOfPolicy(
  good: readonly RecoveryPointSummary[],
  policy: RetentionPolicy,
  context: RetentionContext,
): Map<RecoveryPointId, string[]> {
  const reasons = new Map<RecoveryPointId, string[]>();
  const add = ({ id }: RecoveryPointSummary, reason: string) => {
    const known = reasons.get(id);
    if (known) known.push(reason);
    else reasons.set(id, [reason]);
  };
  const wanted = wantedTiers(policy);
  for (const { tier, count } of wanted) {
    let last: string | undefined;
    let periods = 0;
    for (const point of good) {
      const period = tiers[tier].periodOf(point.startedAt);
      if (period === last) continue;
      if (periods === count) break;
      last = period;
      periods += 1;
      add(point, `newest of ${period} (${tier} ${periods} of ${count})`);
    }
  }
  // Without tiers the age alone decides.
  const age = ageLimit(policy, context);
  if (wanted.length === 0 && age)
    for (const point of good) if (!age.isOver(point)) add(point, `not ${age.words}, and there is no tier`);
  return reasons;
}

function ageLimit(
  { maximumAgeDays: days }: RetentionPolicy,
  { now }: RetentionContext,
): { isOver: (point: RecoveryPointSummary) => boolean; words: string } | undefined {
  if (days === undefined) return undefined;
  return {
    isOver: ({ startedAt }) => Date.parse(now) - Date.parse(startedAt) > days * dayMs,
    words: `older than ${days} ${days === 1 ? 'day' : 'days'}`,
  };
}
