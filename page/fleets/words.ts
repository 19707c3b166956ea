import type { FleetRow } from '../../api/types.ts';
import { fleetWaitsForPerson, type FleetPhase, type Member, type MemberState } from '../../domain/fleet/fleet.ts';
import { countsInOrder, type FleetStanding } from '../../domain/fleet/summary.ts';
import { waitsForPerson } from '../../domain/runs/progress.ts';
import { phaseWord, type StateWord, type Tone } from '../parts/tones.ts';

const toneOfPhase: Record<FleetPhase, Tone> = {
  surveying: 'busy',
  planning: 'busy',
  'waiting for approval': 'asks',
  running: 'busy',
  paused: 'asks',
  held: 'asks',
  stopping: 'warn',
  passed: 'good',
  failed: 'bad',
};

export const fleetWord = (phase: FleetPhase): StateWord => ({ ...phaseWord(phase), tone: toneOfPhase[phase] });

/** Those that a person should look at first: one that asks, one that nobody answers for, then the rest, each by name. */
export function inOrder(fleets: readonly FleetRow[]): FleetRow[] {
  const rankOf = ({ standing }: FleetRow) => {
    if (!('value' in standing)) return 1;
    return fleetWaitsForPerson(standing.value) ? 0 : 2;
  };
  return fleets.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.fleet < b.fleet ? -1 : 1));
}

export const toneOfState: Record<MemberState, Tone> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'warn',
  skipped: 'quiet',
  running: 'busy',
  waiting: 'quiet',
};

/** In one word; of a restore that runs, its own phase, when that says more. `phases`: by the runs' ids. */
export function memberWord({ state, run = '' }: Member, phases: Readonly<Record<string, string>>): StateWord {
  const phase = state === 'running' ? phases[run] : undefined;
  return phase === undefined ? { ...phaseWord(state), tone: toneOfState[state] } : phaseWord(phase);
}

/** Whose restore goes on when a person has answered. */
export function asking(members: readonly Member[], phases: Readonly<Record<string, string>>): Member[] {
  return members.filter(({ state, run = '' }) => state === 'running' && waitsForPerson({ phase: phases[run] ?? '' }));
}

/** A part of a bar: where it begins and how long it is, from 0 to 1. */
export interface Part {
  state: MemberState;
  tone: Tone;
  from: number;
  share: number;
}

/** Of all platforms; what waits is what the bar leaves empty. */
export function partsOf({ counts, platforms }: Pick<FleetStanding, 'counts' | 'platforms'>): Part[] {
  let from = 0;
  return countsInOrder(counts).flatMap(({ state, count }) => {
    if (state === 'waiting' || platforms === 0) return [];
    const part = { state, tone: toneOfState[state], from, share: count / platforms };
    from += part.share;
    return [part];
  });
}
