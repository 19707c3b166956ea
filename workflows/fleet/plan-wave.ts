import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { FleetInput, Member } from '../../domain/fleet/fleet.ts';
import { short } from '../../domain/fleet/outcome.ts';
import { waveText } from '../../domain/fleet/waves.ts';
import { shared } from '../run/activity-options.ts';
import { recordOf } from '../run/failure-record.ts';
import type { Desk } from './desk.ts';

/** Makes the plan of a platform, or has it failed with the reason. */
export async function planOf({ restore }: FleetInput, member: Member): Promise<void> {
  const { platform, taskQueue } = member;
  const { planMember } = proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '10 minutes',
    scheduleToStartTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  });
  try {
    const found = await planMember.executeWithOptions({ summary: `preflight and plan of ${platform}` }, [
      { platform, ...restore },
    ]);
    if ('plan' in found) member.plan = found.plan;
    else fail(member, found.refused);
  } catch (error) {
    const { kind, message } = recordOf(error);
    fail(member, `${kind}: ${message}`);
  }
}

function fail(member: Member, reason: string): void {
  member.state = 'failed';
  member.reason = short(reason);
}

/** Until a person approves these plans by the hash over their hashes, or somebody stops the fleet. */
export async function awaitApproval(desk: Desk, input: FleetInput, wave: readonly Member[]): Promise<void> {
  const { state, progress } = desk;
  const number = progress.wave?.number ?? 0;
  const summary = `hash of the plans of wave ${number}`;
  progress.waveHash = await shared.hashOfWave.executeWithOptions({ summary }, [{ text: waveText(wave) }]);
  if (input.approvedBy !== undefined) {
    state.approved = { wave: number, by: input.approvedBy };
    desk.say('approved', { by: input.approvedBy, reason: 'when starting the fleet' });
  }
  const isApproved = () => state.approved?.wave === number;
  if (isApproved()) return;
  desk.enter('waiting for approval');
  while (state.stopped === undefined && !(isApproved() && desk.mayStart())) await desk.awake();
}
