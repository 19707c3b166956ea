import { readSchedules, type FoundSchedule } from '../../client/schedules/temporal-schedules.ts';
import { pausesDuringRestore, scheduleId, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { noSchedule, withSchedules } from './with-schedules.ts';

export interface Pausing {
  /** Absent: all except the one that checks whether backups are too old. */
  only?: ScheduleKind;
  note?: string;
  by: string;
}

export async function pauseSchedules(context: CommandContext, platform: string, options: Pausing): CommandResult {
  const note = options.note === undefined ? `paused by ${options.by}` : `${options.note} (${options.by})`;
  return forEach(context, platform, options, async ({ handle, paused, note: earlier }) => {
    await handle.pause(note);
    return paused ? `was paused already ("${earlier}"), now with the note "${note}"` : `paused: "${note}"`;
  });
}

export async function resumeSchedules(context: CommandContext, platform: string, options: Pausing): CommandResult {
  const note = options.note === undefined ? `resumed by ${options.by}` : `${options.note} (${options.by})`;
  return forEach(context, platform, options, async ({ handle, paused, note: earlier }) => {
    if (!paused) return 'was not paused';
    await handle.unpause(note);
    return `resumed; it was paused: "${earlier}". What it missed meanwhile is not made up for`;
  });
}

async function forEach(
  context: CommandContext,
  platform: string,
  { only }: Pausing,
  act: (schedule: FoundSchedule) => Promise<string>,
): CommandResult {
  const { output } = context;
  return withSchedules(context, platform, async (client) => {
    const found = await readSchedules(client, platform);
    const chosen = found.filter(({ id }) => (only ? id === scheduleId(platform, only) : pausesDuringRestore(id)));
    if (chosen.length === 0) throw noSchedule(platform, only);
    const schedules: { id: string; outcome: string }[] = [];
    for (const schedule of chosen) schedules.push({ id: schedule.id, outcome: await act(schedule) });
    output.document({ platform, schedules });
    for (const { id, outcome } of schedules) output.say(`${id}: ${outcome}`);
    return exitCodes.passed;
  });
}
