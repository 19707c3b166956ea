import type { FleetDetails, FleetRow } from '../../../api/types.ts';
import type { FleetProgress, Member, MemberState } from '../../../domain/fleet/fleet.ts';
import { standingOf } from '../../../domain/fleet/summary.ts';
import { at, minute } from './documents.ts';

export const waveHash = 'f1ee7'.repeat(12) + '0000';

const regions = ['ch', 'de', 'fr', 'it', 'at', 'es', 'pt', 'nl', 'be', 'pl', 'se', 'no', 'dk', 'fi'];

/** Two canaries have passed; the second wave waits for its approval, one of its platforms is refused by preflight. */
export function waitingFleet(now: number): FleetProgress {
  return {
    fleet: 'shops',
    phase: 'waiting for approval',
    note: `the plans have the hash ${waveHash}`,
    startedAt: at(now, 14 * minute),
    startedBy: { how: 'command line', name: 'ann' },
    approval: 'wave',
    limits: { overall: 10, perHost: 2 },
    stopWhenFailed: { percent: 20 },
    wave: { number: 2, of: 3 },
    waveHash,
    words: [{ word: 'approved', by: 'ann', at: at(now, 12 * minute) }],
    members: regions.map((region, index) => memberOf(region, index)),
  };
}

function memberOf(region: string, index: number): Member {
  const wave = index < 2 ? 1 : index < 9 ? 2 : 3;
  const platform = `shop-${region}`;
  const refused = index === 4;
  return {
    platform,
    wave,
    state: refused ? 'failed' : wave === 1 ? 'passed' : 'waiting',
    host: `machine-${(index % 3) + 1}`,
    taskQueue: `rekindle-host-machine-${(index % 3) + 1}`,
    repositories: ['s3:shops'],
    bytes: 1_300_000_000 * (index + 1),
    ...(wave < 3 &&
      !refused && {
        plan: { hash: `${index}c0ffee`.repeat(9) + '0', point: '2026-11-28t0900z', downtimeSeconds: 200 + 37 * index },
      }),
    ...(wave === 1 && { run: `restore/${platform}/2026-11-28t1300z` }),
    ...(refused && {
      reason: 'PreflightFailed: the image shop/api@sha256:51… is not on machine-2, and its registry does not answer',
    }),
  };
}

/** The second wave works: one platform passed, one failed, one asks. */
export function runningFleet(now: number): FleetDetails {
  const progress = waitingFleet(now);
  delete progress.note;
  progress.phase = 'running';
  const states: [number, MemberState][] = [
    [2, 'passed'],
    [3, 'running'],
    [5, 'running'],
    [6, 'running'],
  ];
  for (const [index, state] of states) {
    const member = progress.members[index];
    if (member) Object.assign(member, { state, run: `restore/${member.platform}/2026-11-28t1310z` });
  }
  progress.words.push({ word: 'approved', by: 'bob', at: at(now, 4 * minute) });
  return {
    progress,
    phases: {
      'restore/shop-it/2026-11-28t1310z': 'waiting for decision',
      'restore/shop-es/2026-11-28t1310z': 'running',
    },
  };
}

export const heldFleet = (now: number): FleetDetails => {
  const details = runningFleet(now);
  const note =
    '2 of 14 platforms failed; stopWhenFailed is 20%; it goes on when a person resumes it, or ends when one stops it';
  return { ...details, progress: { ...details.progress, phase: 'held', note } };
};

export const fleetDetails = (now: number): FleetDetails => ({ progress: waitingFleet(now), phases: {} });

/** One that asks, one that works, and one that nobody answers for. */
export function fleetRows(now: number): FleetRow[] {
  return [
    { fleet: 'archives', standing: { value: standingOf(runningFleet(now).progress) } },
    { fleet: 'shops', standing: { value: standingOf(waitingFleet(now)) } },
    {
      fleet: 'tests',
      standing: {
        trouble: {
          kind: 'RunFailed',
          message: 'fleet/tests did not answer within 10 s: no worker serves it',
          remedy: 'Start one ("rekindle worker")',
        },
      },
    },
  ];
}
