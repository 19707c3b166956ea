import type { Client } from '@temporalio/client';
import { Failure } from '../domain/failures.ts';
import type { FleetProgress } from '../domain/fleet/fleet.ts';
import { standingOf, type FleetSeen } from '../domain/fleet/summary.ts';
import { seen } from '../domain/status/status.ts';
import { approveFleet, askFleet, openFleets, restorePhases, tellFleet, type FleetWordGiven } from './fleets.ts';

/** Everything that is known of a fleet. */
export interface FleetLook {
  progress: FleetProgress;
  /** In which phase its restores are that run, by their ids: more than the fleet itself knows of them. */
  phases: Record<string, string>;
}

export type FleetWordName = 'pause' | 'resume' | 'stop';

/**
 * What people do with the restores of fleets, from wherever they sit: over Temporal, or over a gateway's API. Failures of
 * each: RunNotFound, InvalidArgument (the fleet refuses, or has ended), RunFailed (no worker answers), TemporalUnreachable.
 */
export interface FleetDesk {
  /** Those that are under way, by name. One that cannot be asked says why, in its place. */
  list(): Promise<FleetSeen[]>;
  /** Also of one that has ended, as long as Temporal keeps its history. */
  look(fleet: string): Promise<FleetLook>;
  /** `planHash`: the whole hash of the wave; `typed`: the fleet's name, as the person typed it. Answers a line for people. */
  approve(fleet: string, word: { planHash: string; typed: string; by: string }): Promise<string>;
  /** Answers a line for people. */
  tell(fleet: string, word: FleetWordName, said: FleetWordGiven): Promise<string>;
}

export function temporalFleetDesk(client: Client): FleetDesk {
  return {
    async list() {
      const names = await openFleets(client);
      return Promise.all(
        names.map(async (fleet) => ({ fleet, standing: await seen(askFleet(client, fleet).then(standingOf)) })),
      );
    },
    async look(fleet) {
      const progress = await askFleet(client, fleet);
      const running = new Set(progress.members.flatMap(({ state, run }) => (state === 'running' && run ? [run] : [])));
      const phases = running.size > 0 ? [...(await restorePhases(client))].filter(([run]) => running.has(run)) : [];
      return { progress, phases: Object.fromEntries(phases) };
    },
    async approve(fleet, { planHash, typed, by }) {
      assertTyped(fleet, typed);
      return approveFleet(client, fleet, { planHash, by });
    },
    tell: (fleet, word, said) => tellFleet(client, fleet, word, said),
  };
}

function assertTyped(fleet: string, typed: string): void {
  if (typed === fleet) return;
  throw new Failure('InvalidArgument', {
    message: `"${typed}" was typed to approve a wave of the fleet "${fleet}"`,
    remedy: `Type the name of the fleet whose plans you approve: ${fleet}`,
  });
}
