import type { Client } from '@temporalio/client';
import { loadPlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import {
  pausesDuringRestore,
  scheduleId,
  schedulesOf,
  type Schedule,
  type ScheduleKind,
} from '../../domain/schedule/schedule.ts';
import type { ScheduleChange } from '../../domain/schedule/difference.ts';
import { timingWords } from '../../domain/schedule/words.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderChanges, renderSchedules } from '../render/schedule.ts';
import { applySchedules, compareWithTemporal } from '../../client/schedules/apply.ts';
import { readSchedules, type FoundSchedule } from '../../client/schedules/temporal-schedules.ts';
import { viewSchedules } from '../../client/schedules/view.ts';
import { withTemporal } from '../../client/connection.ts';

/** The schedules of a platform file, and Temporal to look at them. Failures: those of the file come first. */
export async function withSchedules(
  { environment }: CommandContext,
  platform: string,
  work: (client: Client, wanted: Schedule[]) => CommandResult,
): CommandResult {
  const file = await loadPlatform(environment.platformsFolder, platform, environment.variables);
  const wanted = schedulesOf(file.platform);
  return withTemporal(environment, (client) => work(client, wanted));
}

/** Shows how Temporal differs from the file, then makes it the same. */
export async function applyCommand(
  context: CommandContext,
  platform: string,
  { dryRun }: { dryRun: boolean },
): CommandResult {
  const { environment, output } = context;
  return withSchedules(context, platform, async (client, wanted) => {
    let changes: ScheduleChange[] = [];
    const show = (differences: ScheduleChange[]) => {
      changes = differences;
      if (changes.length === 0) output.say(`the platform file of ${platform} asks for no schedule, and there is none`);
      else output.say(renderChanges(changes, output));
    };
    if (dryRun) show((await compareWithTemporal(client, platform, wanted, environment.taskQueue)).changes);
    else await applySchedules(client, platform, wanted, environment.taskQueue, show);
    const count = changes.filter(({ change }) => change !== 'none').length;
    output.document({ platform, applied: !dryRun, changes });
    if (dryRun && count > 0) output.say(`nothing was changed; apply it with "rekindle schedule ${platform} apply"`);
    else if (changes.length > 0)
      output.say(count === 0 ? 'no change' : `applied: ${count} of ${changes.length} changed`);
    if (!dryRun)
      for (const schedule of wanted)
        output.say(`${schedule.kind}: ${timingWords(schedule.recurrence, schedule.timing)}`);
    return exitCodes.passed;
  });
}

/** Exit code 1 when Temporal has not what the file asks for. */
export async function showCommand(context: CommandContext, platform: string): CommandResult {
  const { environment, output } = context;
  return withSchedules(context, platform, async (client, wanted) => {
    const compared = await compareWithTemporal(client, platform, wanted, environment.taskQueue);
    const schedules = await viewSchedules(client, wanted, compared);
    const same = schedules.every(({ state }) => state === 'as the file asks');
    output.document({ platform, asApplied: same, schedules });
    if (schedules.length === 0) output.say(`the platform file of ${platform} asks for no schedule, and there is none`);
    else output.say(renderSchedules(schedules, output));
    if (!same) output.say(`\nTemporal differs from the file; mend it with "rekindle schedule ${platform} apply"`);
    return same ? exitCodes.passed : exitCodes.failed;
  });
}

export interface Pausing {
  /** Absent: all but the one that looks whether backups are too old. */
  only?: ScheduleKind;
  note?: string;
  by: string;
}

export async function pauseCommand(context: CommandContext, platform: string, options: Pausing): CommandResult {
  const note = options.note === undefined ? `paused by ${options.by}` : `${options.note} (${options.by})`;
  return forEach(context, platform, options, async ({ handle, paused, note: earlier }) => {
    await handle.pause(note);
    return paused ? `was paused already ("${earlier}"), now with the note "${note}"` : `paused: "${note}"`;
  });
}

export async function resumeCommand(context: CommandContext, platform: string, options: Pausing): CommandResult {
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

export function noSchedule(platform: string, only: ScheduleKind | undefined): Failure {
  return new Failure('InvalidArgument', {
    message: `Temporal has no ${only === undefined ? '' : `${only} `}schedule of ${platform}`,
    remedy: `"rekindle schedule ${platform} apply" makes those that the platform file asks for`,
  });
}
