import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { LockHolder, StepCall } from '../domain/run.ts';
import { pausesDuringRestore, schedulePrefix } from '../domain/schedule.ts';
import type { StepOutcome } from '../domain/steps.ts';
import { activity } from './activity.ts';

const noteOf = (run: string) => `[paused by ${run}]`;

/** What activities do to Temporal itself, through the worker's own connection. */
export const temporalActivities = {
  /** Who holds the platform's lock; undefined when nobody does (any more). */
  describeLock: activity(async ({ platform }: { platform: string }): Promise<LockHolder | undefined> => {
    const { workflow } = Context.current().client;
    const lock = await workflow.getHandle(`exclusive/${platform}`).describe();
    const parent = lock.parentExecution?.workflowId;
    if (lock.status.name !== 'RUNNING' || parent === undefined || parent === null) return undefined;
    const { type } = await workflow.getHandle(parent).describe();
    return { workflowId: parent, workflowType: type };
  }),

  /** Asks a run to end, as a person would. One that has ended already is no failure. */
  cancelRun: activity(async ({ run }: { run: string; by: string }): Promise<void> => {
    await Context.current()
      .client.workflow.getHandle(run)
      .cancel()
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
  }),

  pauseSchedules: activity(async (call: StepCall<'pauseSchedules'>): Promise<StepOutcome> => {
    const paused = await forEachSchedule(call.platform, async (handle, state) => {
      if (state.paused) return false;
      await handle.pause(`${call.arguments.note} ${noteOf(call.run)}`);
      return true;
    });
    return { summary: paused.length === 0 ? 'no schedule was active' : `paused ${paused.join(', ')}` };
  }),

  /** Only those that this run paused: what an operator paused stays so. */
  resumeSchedules: activity(async (call: StepCall<'resumeSchedules'>): Promise<StepOutcome> => {
    const resumed = await forEachSchedule(call.platform, async (handle, state) => {
      if (!state.paused || !(state.note ?? '').endsWith(noteOf(call.run))) return false;
      await handle.unpause(`resumed by ${call.run}`);
      return true;
    });
    return { summary: resumed.length === 0 ? 'none was paused by this run' : `resumed ${resumed.join(', ')}` };
  }),
};

type Handle = ReturnType<Context['client']['schedule']['getHandle']>;

/** The ids of the platform's schedules for which `act` answers true. */
async function forEachSchedule(
  platform: string,
  act: (handle: Handle, state: { paused: boolean; note?: string }) => Promise<boolean>,
): Promise<string[]> {
  const { schedule } = Context.current().client;
  const changed: string[] = [];
  for await (const { scheduleId } of schedule.list()) {
    if (!scheduleId.startsWith(schedulePrefix(platform)) || !pausesDuringRestore(scheduleId)) continue;
    const handle = schedule.getHandle(scheduleId);
    const { state } = await handle.describe();
    if (await act(handle, state)) changed.push(scheduleId);
  }
  return changed;
}
