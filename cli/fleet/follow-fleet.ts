import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { askFleet } from '../../client/fleets.ts';
import { Failure } from '../../domain/failures.ts';
import { finalFleetPhases, fleetWaitsForPerson, type FleetProgress, type Member } from '../../domain/fleet/fleet.ts';
import { fleetLine } from '../../domain/fleet/summary.ts';
import { isTyped } from '../approval.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruption } from '../interruption.ts';
import type { Output } from '../output.ts';

const pollEveryMs = 500;

/** Follows a fleet to its end, or until it waits for a person: a line for each platform that has ended, and each phase. */
export async function followFleet(client: Client, name: string, output: Output): Promise<FleetProgress> {
  const interrupt = interruption(`fleet/${name}`, {
    watch: `rekindle fleet status ${name}`,
    end: `rekindle fleet stop ${name}`,
  });
  const said = new Set<string>();
  const once = (key: string, line: string) => {
    if (!said.has(key) && !output.interactive) output.say(line);
    said.add(key);
  };
  try {
    for (;;) {
      const progress = await Promise.race([ask(client, name, output), interrupt.happened]);
      if (progress !== undefined) {
        output.redraw(() => fleetLine(progress));
        const { phase, wave, note = '' } = progress;
        for (const member of progress.members) if (hasEnded(member)) once(member.platform, endLine(member));
        once(`${phase} ${wave?.number ?? 0} ${note}`, fleetLine(progress));
        if (finalFleetPhases.has(phase) || fleetWaitsForPerson(progress)) {
          output.settle();
          return progress;
        }
      }
      await Promise.race([pause(pollEveryMs), interrupt.happened]);
    }
  } finally {
    interrupt.forget();
  }
}

const hasEnded = ({ state }: Member) => state !== 'waiting' && state !== 'running';

function endLine({ platform, state, run, reason }: Member): string {
  return `${state} ${platform}${run === undefined ? '' : ` (${run})`}${reason === undefined ? '' : `: ${reason}`}`;
}

/** Undefined while no worker answers: the fleet goes on, it only cannot be asked. */
async function ask(client: Client, name: string, output: Output): Promise<FleetProgress | undefined> {
  try {
    return await askFleet(client, name);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'RunFailed') throw error;
    output.note(`no worker answers for fleet/${name}; it waits for one ("rekindle worker")`);
    return undefined;
  }
}

/** True when the person on the terminal types the fleet's name. */
export const isWaveApproved = ({ fleet }: FleetProgress): Promise<boolean> =>
  isTyped(fleet, "Type the fleet's name to approve these plans, anything else to leave them waiting: ");

export function exitCodeOfFleet(progress: FleetProgress): number {
  if (fleetWaitsForPerson(progress)) return exitCodes.waitsForPerson;
  return progress.phase === 'failed' ? exitCodes.failed : exitCodes.passed;
}
