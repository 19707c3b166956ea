import type { RetentionPolicy } from '../platform.ts';

// The periods of retention's tiers. All of them in UTC: a platform's place must not change what is kept.

export type Tier = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

interface TierRule {
  /** The period that a time (ISO 8601, UTC) lies in, as people write it. */
  periodOf: (time: string) => string;
  /** How long a period lasts at the least that people mean by it. */
  days: number;
}

export const tiers: Record<Tier, TierRule> = {
  hourly: { periodOf: (time) => `${time.slice(0, 13)}h`, days: 1 / 24 },
  daily: { periodOf: (time) => time.slice(0, 10), days: 1 },
  weekly: { periodOf: isoWeek, days: 7 },
  monthly: { periodOf: (time) => time.slice(0, 7), days: 30 },
  yearly: { periodOf: (time) => time.slice(0, 4), days: 365 },
};

export const tierNames = Object.keys(tiers) as Tier[];

/** The tiers that a policy asks something of, with how many periods. */
export function wantedTiers(policy: Pick<RetentionPolicy, Tier>): { tier: Tier; count: number }[] {
  return tierNames.map((tier) => ({ tier, count: policy[tier] })).filter(({ count }) => count > 0);
}

const dayMs = 86_400_000;

/** ISO 8601: weeks begin on Monday and belong to the year that holds their Thursday. `2026-W47`. */
function isoWeek(time: string): string {
  const date = new Date(time);
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  const thursday = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - sinceMonday + 3);
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, '0')}`;
}
