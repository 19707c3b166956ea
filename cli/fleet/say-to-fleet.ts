import { Failure } from '../../domain/failures.ts';
import type { FleetProgress } from '../../domain/fleet/fleet.ts';
import { canAsk, fullHash } from '../approval.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { FleetAction } from './actions.ts';
import { exitCodeOfFleet, isWaveApproved } from './follow-fleet.ts';
import { renderFleet } from '../render/fleet.ts';
import { withFleetDesk } from '../with-desk.ts';

interface Said {
  action: FleetAction;
  name: string;
  by: string;
  reason: string | undefined;
  hash: string | undefined;
}

/** Failures: RunNotFound, InvalidArgument when the fleet refuses, RunFailed when no worker answers. */
export function sayToFleet({ environment, output }: CommandContext, said: Said): CommandResult {
  const { action, name, by, reason, hash } = said;
  return withFleetDesk(environment, async (desk) => {
    if (action === 'status') {
      const { progress, phases } = await desk.look(name);
      output.document(progress);
      output.say(renderFleet(progress, output, new Map(Object.entries(phases))));
      return exitCodeOfFleet(progress);
    }
    if (action !== 'approve') {
      const answer = await desk.tell(name, action, { by, reason });
      output.document({ fleet: name, answer });
      output.say(answer);
      return exitCodes.passed;
    }
    const { progress } = await desk.look(name);
    const waveHash = hashThatWaits(progress);
    if (hash === undefined) {
      output.say(renderFleet(progress, output, new Map()));
      if (!canAsk(output)) throw unseen(name, waveHash);
      if (!(await isWaveApproved(progress))) return exitCodes.waitsForPerson;
    }
    const planHash = hash === undefined ? waveHash : fullHash({ hash: waveHash }, hash);
    const answer = await desk.approve(name, { planHash, typed: name, by });
    output.document({ fleet: name, planHash, answer });
    output.say(answer);
    return exitCodes.passed;
  });
}

function hashThatWaits({ fleet, phase, waveHash }: FleetProgress): string {
  if (waveHash !== undefined && phase === 'waiting for approval') return waveHash;
  throw new Failure('InvalidArgument', {
    message: `No wave of ${fleet} waits for approval: its phase is "${phase}"`,
    remedy: `"rekindle fleet status ${fleet}" shows where it stands`,
  });
}

function unseen(name: string, waveHash: string): Failure {
  return new Failure('InvalidArgument', {
    message: `Nothing is approved unseen: the hash of the wave (--hash) is missing`,
    remedy: `Read the plans above, then: rekindle fleet approve ${name} --hash ${waveHash}`,
  });
}
