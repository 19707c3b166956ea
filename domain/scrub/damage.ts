import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { IndexName, StoreName } from '../platform.ts';
import { isGood, type RecoveryPointId, type RecoveryPointSummary } from '../recovery-points/recovery-point.ts';

/** What is wrong with one file of a repository. */
export interface Damage {
  /** From the repository's base path on. */
  key: string;
  /** What it holds, for people: `nuvla-job[1], file _0.cfs`, `the metadata of nuvla-job`. */
  what: string;
  index?: IndexName;
  fault: string;
  /** The recovery points that refer to it. */
  points: RecoveryPointId[];
  /** When it was found. ISO 8601, UTC. */
  since: string;
}

/** A file that was put back, and from what. */
export interface Healed {
  key: string;
  what: string;
  /** For people: `the version of 2026-11-21T09:30:12Z`, or where the same file lies in another repository. */
  from: string;
}

export const describeDamage = ({ what, key, fault }: Pick<Damage, 'what' | 'key' | 'fault'>): string =>
  `${what} (${key}): ${fault}`;

/** Which points became bad, and which are good again: what the damage says against what their markers say. */
export function changedPoints(
  damages: readonly Damage[],
  points: readonly Pick<RecoveryPointSummary, 'id' | 'deleting'>[],
  markedBefore: ReadonlySet<RecoveryPointId>,
): { spoiled: RecoveryPointId[]; recovered: RecoveryPointId[] } {
  const hit = new Set(damages.flatMap((damage) => damage.points));
  return {
    spoiled: points.filter(({ id }) => hit.has(id) && !markedBefore.has(id)).map(({ id }) => id),
    recovered: points.filter(({ id }) => !hit.has(id) && markedBefore.has(id)).map(({ id }) => id),
  };
}

/**
 * Whether a snapshot after this point is bad or fails as well: it would refer to a damaged file as the point does, or a
 * shard's list is damaged, without which none succeeds.
 */
export function spoilsNext(damages: readonly Pick<Damage, 'points'>[], newest: RecoveryPointId): boolean {
  return damages.some(({ points }) => points.length === 0 || points.includes(newest));
}

/** The newest point that a restore would take now, for people. */
export function whatStands(points: readonly RecoveryPointSummary[]): string {
  const good = points.filter(isGood).toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const [newest] = good;
  if (newest === undefined) return 'no good recovery point is left';
  const left =
    good.length === 1
      ? 'one good recovery point is left,'
      : `${good.length} good recovery points are left, the newest of them`;
  return `${left} ${newest.id}, data as of ${newest.startedAt}`;
}

/**
 * The check of a scrub. Damage that was known before, and made no other point bad now, is a warning: it was reported when it
 * was found.
 */
export function judgeScrub(found: {
  store: StoreName;
  damages: readonly Damage[];
  /** Keys that were known as damaged before. */
  known: ReadonlySet<string>;
  spoiled: readonly RecoveryPointId[];
  healed: readonly Healed[];
  /** For people. */
  stands: string;
  read: string;
}): Check[] {
  const { store, damages, known, spoiled, healed, stands, read } = found;
  const name = `scrub ${store}`;
  const putBack = healed.map(({ what, key, from }) => `${what} (${key}), from ${from}`);
  const again = healed.length === 0 ? [] : [healingCheck(`heal ${store}`, healed.length, putBack)];
  if (damages.length === 0) return [passed(name, `${read}; no fault`), ...again];
  const fresh = damages.filter(({ key }) => !known.has(key));
  const old = damages.length - fresh.length;
  const bad = spoiled.length > 0 ? `; marked bad: ${listed(spoiled)}` : '';
  const shown = listedLines((fresh.length > 0 ? fresh : damages).map(describeDamage));
  if (fresh.length === 0 && spoiled.length === 0)
    return [warned(name, `${read}; ${files(old)}, known before: ${shown}; ${stands}`, remedy), ...again];
  const also = old > 0 && fresh.length > 0 ? ` (and ${old} known before)` : '';
  const what = fresh.length > 0 ? files(fresh.length) + also : `${files(old)}, known before`;
  return [failed(name, `${what}: ${shown}${bad}; ${stands}`, remedy), ...again];
}

const files = (count: number) => `${count} damaged file${count === 1 ? '' : 's'}`;

const remedy =
  'Put the files back from a copy of the bucket, then scrub again; or let new snapshots begin elsewhere (backup.onDamage: newBase), or delete the bad points, and take a backup';

function healingCheck(name: string, count: number, lines: string[]): Check {
  return warned(
    name,
    `${files(count)} put back under the key, each after its checksum was seen to match: ${listedLines(lines)}`,
    'Find out who changed objects of the bucket: a copy saved them this time',
  );
}

const mostShown = 5;
function listedLines(lines: readonly string[]): string {
  const more = lines.length - mostShown;
  return `${lines.slice(0, mostShown).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
