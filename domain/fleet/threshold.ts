import type { FailureThreshold, Member } from './fleet.ts';

/** Not restored although it was tried: an inconclusive verdict is no pass. */
export const hasFailed = ({ state }: Pick<Member, 'state'>): boolean => state === 'failed' || state === 'inconclusive';

export const failures = (members: readonly Member[]): number => members.filter(hasFailed).length;

/**
 * Why nothing more may be started; undefined: it may. `accepted`: so many failures were known when a person had the fleet
 * go on, so they count no more.
 */
export function whyHeld(
  members: readonly Member[],
  threshold: FailureThreshold,
  { accepted = 0 }: { accepted?: number } = {},
): string | undefined {
  const count = failures(members) - accepted;
  if (count <= 0 || !isReached(count, members.length, threshold)) return undefined;
  const since = accepted > 0 ? ` since it was resumed` : '';
  return `${count} of ${members.length} platforms failed${since}; stopWhenFailed is ${thresholdText(threshold)}`;
}

function isReached(count: number, all: number, threshold: FailureThreshold): boolean {
  return 'count' in threshold ? count >= threshold.count : count * 100 >= threshold.percent * all;
}

export const thresholdText = (threshold: FailureThreshold): string =>
  'count' in threshold ? String(threshold.count) : `${threshold.percent}%`;

/** Why nothing may follow the canaries; undefined: every one of them passed. */
export function whyCanariesHold(canaries: readonly Member[]): string | undefined {
  const bad = canaries.filter(({ state }) => state !== 'passed');
  if (bad.length === 0) return undefined;
  return `not every canary passed: ${bad.map(({ platform, state }) => `${platform} ${state}`).join(', ')}`;
}
