import type { FleetProgress, Member } from '../../domain/fleet/fleet.ts';
import { fleetLine, reasonOf } from '../../domain/fleet/summary.ts';
import { bytes, seconds } from '../../domain/units.ts';
import type { Output } from '../output.ts';
import { table } from './table.ts';

/** Every platform in one table, and what to type next. `phases`: of restores that run, by their ids. */
export function renderFleet(
  progress: FleetProgress,
  { colour }: Pick<Output, 'colour'>,
  phases: ReadonlyMap<string, string>,
): string {
  const paint = { passed: colour.green, failed: colour.red, held: colour.red }[progress.phase as string];
  const line = fleetLine(progress);
  return [
    paint ? paint(line) : line,
    ...(progress.members.length === 0 ? [] : renderMembers(progress, phases)),
    ...progress.words.map(({ word, by, at, reason }) => `${word} by ${by} at ${at}${reason ? `: ${reason}` : ''}`),
    ...next(progress).map((command) => `→ ${command}`),
  ].join('\n');
}

function renderMembers(progress: FleetProgress, phases: ReadonlyMap<string, string>): string[] {
  const rows = progress.members.map((member) => [
    String(member.wave),
    member.platform,
    member.host,
    sizeOf(member),
    planOf(member),
    stateOf(member, phases),
    reasonOf(member, progress) ?? member.run ?? '',
  ]);
  return table([['wave', 'platform', 'host', 'size', 'plan', 'state', 'why, or which run'], ...rows], { indent: '  ' });
}

export const sizeOf = ({ bytes: size }: Pick<Member, 'bytes'>): string => (size === undefined ? '?' : bytes(size));

const planOf = ({ plan }: Member): string =>
  plan === undefined
    ? '-'
    : [plan.hash.slice(0, 12), plan.downtimeSeconds === undefined ? '' : `(${seconds(plan.downtimeSeconds)} down)`]
        .join(' ')
        .trim();

function stateOf({ state, run = '' }: Member, phases: ReadonlyMap<string, string>): string {
  const phase = state === 'running' ? phases.get(run) : undefined;
  return phase === undefined || phase === 'running' ? state : `${state} (${phase})`;
}

function next({ fleet, phase, waveHash = '', members }: FleetProgress): string[] {
  switch (phase) {
    case 'waiting for approval':
      return [
        `approve the wave: rekindle fleet approve ${fleet} --hash ${waveHash}`,
        `or: rekindle fleet stop ${fleet}`,
      ];
    case 'held':
      return [`go on all the same: rekindle fleet resume ${fleet}`, `end it: rekindle fleet stop ${fleet}`];
    case 'paused':
      return [`go on: rekindle fleet resume ${fleet}`];
    case 'failed': {
      const bad = members.find(({ state, run }) => state !== 'passed' && run !== undefined);
      return bad?.run === undefined ? [] : [`what happened: rekindle report ${bad.run}`];
    }
    default:
      return [];
  }
}
