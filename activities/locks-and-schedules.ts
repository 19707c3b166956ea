import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ScheduleNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import type { LockHolder, LockKind, StepCall } from '../domain/runs/run.ts';
import { pausesDuringRestore, scheduleId, scheduleKinds, schedulesQuery } from '../domain/schedule/schedule.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { activity } from './activity.ts';

/** A lock that is free is noticed within this. */
const pollMilliseconds = 1000;

const noteOf = (run: string) => `[paused by ${run}]`;

/** What activities do to Temporal itself, through the worker's own connection. */
export const temporalActivities = {
  /** Who holds a lock of the platform; undefined when nobody does (any more). */
  describeLock: activity(
    ({ platform, lock = 'exclusive' }: { platform: string; lock?: LockKind }): Promise<LockHolder | undefined> =>
      holderOf(`${lock}/${platform}`),
  ),

  /** Ends when nobody holds the platform's lock. */
  awaitUnlocked: activity(async ({ platform }: { platform: string }, { signal }): Promise<void> => {
    while (await isRunning(`exclusive/${platform}`)) await pause(pollMilliseconds, undefined, { signal });
  }),

  /** Asks a run to end. */
  cancelRun: activity(({ run }: { run: string; by: string }): Promise<void> => cancel(run)),

  pauseSchedules: activity(async (call: StepCall<'pauseSchedules'>): Promise<StepOutcome> => {
    // A drill may have begun while people took their time to approve.
    await endDrill(call.platform, call.arguments.promotes);
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

/** But for the one that the restore promotes. */
async function endDrill(platform: string, promoted?: string): Promise<void> {
  const drill = await holderOf(`drilling/${platform}`);
  if (drill && drill.workflowId !== promoted) await cancel(drill.workflowId);
}

/** As a person would. One that has ended already is no failure. */
async function cancel(run: string): Promise<void> {
  await Context.current()
    .client.workflow.getHandle(run)
    .cancel()
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
}

/** The run whose child the lock is. */
export async function holderOf(lockId: string): Promise<LockHolder | undefined> {
  const { workflow } = Context.current().client;
  try {
    const lock = await workflow.getHandle(lockId).describe();
    const parent = lock.parentExecution?.workflowId;
    if (lock.status.name !== 'RUNNING' || parent === undefined || parent === null) return undefined;
    const { type } = await workflow.getHandle(parent).describe();
    return { workflowId: parent, workflowType: type };
  } catch (error) {
    // Temporal forgets what has ended: after a day, where data is kept in quarantine for three.
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

export async function isRunning(id: string): Promise<boolean> {
  try {
    const { status } = await Context.current().client.workflow.getHandle(id).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

type Handle = ReturnType<Context['client']['schedule']['getHandle']>;

/** The ids of the platform's schedules for which `act` answers true. */
async function forEachSchedule(
  platform: string,
  act: (handle: Handle, state: { paused: boolean; note?: string }) => Promise<boolean>,
): Promise<string[]> {
  const { schedule } = Context.current().client;
  // Temporal's list lags behind what was made just now; the ids that Rekindle makes are asked for one by one.
  const ids = new Set<string>(scheduleKinds.map((kind) => scheduleId(platform, kind)));
  for await (const { scheduleId: id } of schedule.list({ query: schedulesQuery(platform) })) ids.add(id);
  const changed: string[] = [];
  for (const id of [...ids].filter(pausesDuringRestore)) {
    const handle = schedule.getHandle(id);
    const described = await handle.describe().catch((error: unknown) => {
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw error;
    });
    if (described && (await act(handle, described.state))) changed.push(id);
  }
  return changed;
}
