import type { FleetProgress, Member, MemberState } from '../../domain/fleet/fleet.ts';
import { hasFailed } from '../../domain/fleet/threshold.ts';
import { asking } from './words.ts';

export interface Wave {
  number: number;
  title: string;
  /** Those that somebody should look at come first. */
  members: Member[];
  /** It is worked on, or something in it went wrong. */
  matters: boolean;
}

type Standing = Pick<FleetProgress, 'members' | 'wave'>;

export function wavesOf({ members, wave }: Standing, phases: Readonly<Record<string, string>>): Wave[] {
  const asks = new Set(asking(members, phases));
  const numbers = [...new Set(members.map((member) => member.wave))].toSorted((a, b) => a - b);
  return numbers.map((number) => {
    const own = members.filter((member) => member.wave === number);
    return {
      number,
      title: number === 0 ? 'Not in a wave yet' : `Wave ${number}${isCanaries(number, wave) ? ': canaries' : ''}`,
      members: own.toSorted((a, b) => rankOf(a, asks) - rankOf(b, asks)),
      matters: number === wave?.number || own.some((member) => hasFailed(member) || asks.has(member)),
    };
  });
}

const isCanaries = (number: number, wave: FleetProgress['wave']) => wave?.canaries === true && wave.number === number;

const ranks: Record<MemberState, number> = {
  failed: 1,
  inconclusive: 2,
  running: 3,
  waiting: 4,
  skipped: 5,
  passed: 6,
};
const rankOf = (member: Member, asks: ReadonlySet<Member>) => (asks.has(member) ? 0 : ranks[member.state]);

/** What an approval of the wave is about. */
export interface Asked {
  /** Those whose plans it covers. */
  covered: Member[];
  /** Of this wave, those that it does not: their preflight refused them, or another run holds them. */
  left: Member[];
  bytes: number;
  /** The longest that one of them is down, in seconds; absent: not known. */
  longestDowntimeSeconds?: number;
}

export function askedOf({ members, wave }: Standing): Asked {
  const own = members.filter((member) => member.wave === wave?.number);
  const covered = own.filter(({ state, plan }) => state === 'waiting' && plan !== undefined);
  const downtimes = covered.flatMap(({ plan }) => plan?.downtimeSeconds ?? []);
  return {
    covered,
    left: own.filter((member) => !covered.includes(member)),
    bytes: covered.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    ...(downtimes.length > 0 && { longestDowntimeSeconds: Math.max(...downtimes) }),
  };
}
