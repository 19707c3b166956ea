import type { RetentionPolicy } from '../../domain/platform.ts';
import { tierNames, tiers, wantedTiers } from '../../domain/recovery-points/retention-periods.ts';

/** Contradictions within a retention: the key, what is wrong, and what to write instead. */
export function contradictions(policy: RetentionPolicy): { key?: keyof RetentionPolicy; message: string }[] {
  const { maximumAgeDays, minimumCount } = policy;
  const wanted = wantedTiers(policy);
  if (maximumAgeDays === undefined) {
    if (wanted.length > 0) return [];
    const message =
      `every tier is 0 and there is no maximumAgeDays: only the newest ${minimumCount} would stay; ` +
      `set one of ${tierNames.join(', ')} or maximumAgeDays, or leave retention out to keep all`;
    return [{ message }];
  }
  const cut = wanted
    .map(({ tier, count }) => ({ tier, count, days: count * tiers[tier].days }))
    .filter(({ days }) => days > maximumAgeDays);
  return cut.map(({ tier, count, days }) => ({
    key: 'maximumAgeDays',
    message:
      `${maximumAgeDays} days remove what "${tier}: ${count}" asks for, which reaches back ${rounded(days)} days; ` +
      `raise maximumAgeDays to ${rounded(days)} or lower ${tier} to ${Math.floor(maximumAgeDays / tiers[tier].days)}`,
  }));
}

const rounded = (days: number): number => Math.ceil(days * 100) / 100;
