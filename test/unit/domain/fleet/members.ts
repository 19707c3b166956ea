import type { Member } from '../../../../domain/fleet/fleet.ts';

/** A member of a fleet, as a test needs it. */
export function member(platform: string, more: Partial<Member> = {}): Member {
  const place = { host: 'one', taskQueue: 'rekindle-host-one', repositories: ['s3:bucket'] };
  return { platform, wave: 1, state: 'waiting', ...place, ...more };
}

export const membersOf = (count: number, more: Partial<Member> = {}): Member[] =>
  Array.from({ length: count }, (_, index) => member(`p${index}`, more));
