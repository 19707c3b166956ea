import { keptBy } from './limits.ts';
import type { Seen } from '../status/status.ts';
import { fleetWaitsForPerson, type FleetProgress, type Member, type MemberState } from './fleet.ts';

const order: readonly MemberState[] = ['passed', 'failed', 'inconclusive', 'skipped', 'running', 'waiting'];

/** Where a fleet stands, without its platforms, which may be a thousand. */
export interface FleetStanding extends Pick<FleetProgress, 'phase' | 'note' | 'startedAt' | 'finishedAt' | 'wave'> {
  platforms: number;
  /** Platforms by state; a state without one is left out. */
  counts: Partial<Record<MemberState, number>>;
}

/** A fleet that is under way, and where it stands, or why that is not known. */
export interface FleetSeen {
  fleet: string;
  standing: Seen<FleetStanding>;
}

export function standingOf({ phase, note, startedAt, finishedAt, wave, members }: FleetProgress): FleetStanding {
  return {
    phase,
    startedAt,
    ...(note !== undefined && { note }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(wave && { wave }),
    platforms: members.length,
    counts: countStates(members),
  };
}

export function countStates(members: readonly Member[]): Partial<Record<MemberState, number>> {
  const counts: Partial<Record<MemberState, number>> = {};
  for (const { state } of members) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** `12 passed, 1 failed, 4 running, 83 waiting`; states without a platform are left out. */
export function countWords(members: readonly Member[]): string {
  return countsInOrder(countStates(members))
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ');
}

/** What has ended comes first, what waits comes last. */
export function countsInOrder(counts: Partial<Record<MemberState, number>>): { state: MemberState; count: number }[] {
  return order.flatMap((state) => (counts[state] === undefined ? [] : [{ state, count: counts[state] }]));
}

/** `wave 1 of 3 (canaries)`. */
export const waveWords = ({ number, of, canaries }: NonNullable<FleetProgress['wave']>): string =>
  `wave ${number} of ${of}${canaries ? ' (canaries)' : ''}`;

/** One line: how far a fleet is. */
export function fleetLine({ fleet, phase, wave, members, note }: FleetProgress): string {
  const at = wave === undefined ? '' : `, ${waveWords(wave)}`;
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
