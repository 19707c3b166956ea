import { applySchedules, compareWithTemporal } from '../../client/schedules/apply.ts';
import type { ScheduleChange } from '../../domain/schedule/difference.ts';
import { timingWords } from '../../domain/schedule/words.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderChanges } from '../render/schedule.ts';
import { withSchedules } from './with-schedules.ts';

/** Shows how Temporal differs from the file, then makes it the same. */
export async function applyToTemporal(
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
