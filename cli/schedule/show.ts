import { compareWithTemporal } from '../../client/schedules/apply.ts';
import { viewSchedules } from '../../client/schedules/view.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderSchedules } from '../render/schedule.ts';
import { withSchedules } from './with-schedules.ts';

/** Exit code 1 when Temporal does not have what the file asks for. */
export async function showSchedules(context: CommandContext, platform: string): CommandResult {
  const { environment, output } = context;
  return withSchedules(context, platform, async (client, wanted) => {
    const compared = await compareWithTemporal(client, platform, wanted, environment.taskQueue);
    const schedules = await viewSchedules(client, wanted, compared);
    const same = schedules.every(({ state }) => state === 'as the file asks');
    output.document({ platform, asApplied: same, schedules });
    if (schedules.length === 0) output.say(`the platform file of ${platform} asks for no schedule, and there is none`);
    else output.say(renderSchedules(schedules, output));
    if (!same) output.say(`\nTemporal differs from the file; correct it with "rekindle schedule ${platform} apply"`);
    return same ? exitCodes.passed : exitCodes.failed;
  });
}
