import { keptBy } from './limits.ts';
import { fleetWaitsForPerson, type FleetProgress, type Member, type MemberState } from './fleet.ts';

const order: readonly MemberState[] = ['passed', 'failed', 'inconclusive', 'skipped', 'running', 'waiting'];

export function countStates(members: readonly Member[]): Partial<Record<MemberState, number>> {
  const counts: Partial<Record<MemberState, number>> = {};
  for (const { state } of members) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** `12 passed, 1 failed, 4 running, 83 waiting`; states without a platform are left out. */
export function countWords(members: readonly Member[]): string {
  const counts = countStates(members);
  return order.flatMap((state) => (counts[state] === undefined ? [] : [`${counts[state]} ${state}`])).join(', ');
}

/** One line: how far a fleet is. */
export function fleetLine({ fleet, phase, wave, members, note }: FleetProgress): string {
  const at = wave === undefined ? '' : `, wave ${wave.number} of ${wave.of}${wave.canaries ? ' (canaries)' : ''}`;
  const why = note === undefined || note === '' ? '' : `: ${note}`;
  return `${fleet}: ${phase}${at}; ${countWords(members)}${why}`;
}

/** Why a platform is where it is, for the table; undefined: its state says all. */
export function reasonOf(member: Member, progress: FleetProgress): string | undefined {
  const { state, wave, reason } = member;
  if (state !== 'waiting') return reason;
  if (progress.wave === undefined) return 'the platforms are surveyed';
  if (fleetWaitsForPerson(progress)) return waitsForPerson(progress);
  if (wave > progress.wave.number) return `wave ${progress.wave.number} comes before wave ${wave}`;
  if (progress.phase === 'planning') return 'its plan is made';
  const busy = progress.members.filter((one) => one.state === 'running');
  return keptBy(member, busy, progress.limits) ?? 'it is next';
}

function waitsForPerson({ phase, wave }: FleetProgress): string {
  if (phase === 'waiting for approval') return `wave ${wave?.number ?? ''} waits for approval`;
  return `the fleet is ${phase}`;
}
