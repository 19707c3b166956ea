import type { PlatformName } from '../platform.ts';
import type { FleetInput, Member } from './fleet.ts';

/** What was found out about a platform before the first wave. */
export interface Surveyed extends Pick<Member, 'platform' | 'host' | 'taskQueue' | 'repositories' | 'bytes'> {
  /** Why it cannot be restored: its platform file cannot be used. */
  trouble?: string;
}

/**
 * Canaries are the first wave. The others follow by size, the smallest first: what fails for all fails early, on what is
 * quick to try again. A platform of unknown size comes last. Equal sizes go by name, so that the order is always the same.
 */
export function membersInWaves(
  { canaries, waveSize }: Pick<FleetInput, 'canaries' | 'waveSize'>,
  surveyed: readonly Surveyed[],
): Member[] {
  const first = new Set<PlatformName>(canaries);
  const before = first.size > 0 ? 1 : 0;
  const bySize = surveyed.toSorted(compareSizes);
  const others = bySize.filter(({ platform }) => !first.has(platform));
  return [
    ...bySize.filter(({ platform }) => first.has(platform)).map((one) => memberOf(one, 1)),
    ...others.map((one, position) => memberOf(one, before + 1 + Math.floor(position / waveSize))),
  ];
}

const compareSizes = (one: Surveyed, other: Surveyed) =>
  (one.bytes ?? Infinity) - (other.bytes ?? Infinity) || (one.platform < other.platform ? -1 : 1);

/** Two unknown sizes differ by NaN, which counts as no difference. */
function memberOf({ trouble, ...known }: Surveyed, wave: number): Member {
  return { ...known, wave, ...(trouble === undefined ? { state: 'waiting' } : { state: 'failed', reason: trouble }) };
}

export const waveCount = (members: readonly Member[]): number =>
  members.reduce((most, { wave }) => Math.max(most, wave), 0);

export const ofWave = (members: readonly Member[], wave: number): Member[] =>
  members.filter((member) => member.wave === wave);

/** The text whose SHA-256 an approval of the wave names: each platform with the hash of its plan, by name. */
export function waveText(members: readonly Pick<Member, 'platform' | 'plan' | 'state'>[]): string {
  return members
    .flatMap(({ platform, plan, state }) => (plan && state === 'waiting' ? [`${platform} ${plan.hash}\n`] : []))
    .toSorted()
    .join('');
}
