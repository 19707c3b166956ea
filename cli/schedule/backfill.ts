import { Failure } from '../../domain/failures.ts';
import { scheduleId, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { matchingTimes, readSchedules } from '../../client/schedules/temporal-schedules.ts';
import { noSchedule, withSchedules } from './with-schedules.ts';

/** More than a day of half-hourly starts, one after the other, is hardly what anybody wants. */
const mostBackfilled = 50;

/** Starts what a span of the past would have started, one run after the other. */
export async function backfillSchedule(
  context: CommandContext,
  platform: string,
  { from, to, only = 'backup', dryRun }: { from?: string; to?: string; only?: ScheduleKind; dryRun: boolean },
): CommandResult {
  const { output } = context;
  const [start, end] = span(from, to, new Date());
  return withSchedules(context, platform, async (client) => {
    const id = scheduleId(platform, only);
    const found = (await readSchedules(client, platform)).find((one) => one.id === id);
    if (found === undefined) throw noSchedule(platform, only);
    const times = (await matchingTimes(client, id, start, end)).map((time) => time.toISOString());
    if (times.length > mostBackfilled)
      throw new Failure('InvalidArgument', {
        message: `${times.length >= 1000 ? '1,000 or more' : times.length} starts of ${id} fall within this span`,
        remedy: `Choose a span with at most ${mostBackfilled} starts`,
      });
    if (!dryRun && times.length > 0) await found.handle.backfill({ start, end, overlap: 'BUFFER_ALL' });
    output.document({ platform, schedule: id, backfilled: !dryRun, times });
    output.say(
      times.length === 0
        ? `${id} has no start between ${start.toISOString()} and ${end.toISOString()}`
        : `${id}: ${times.length} starts${dryRun ? '' : ' asked for, one run after the other'}: ${times.join(', ')}`,
    );
    return exitCodes.passed;
  });
}

/** Failure: InvalidArgument. */
function span(from: string | undefined, to: string | undefined, now: Date): [Date, Date] {
  const [start, end] = [from, to ?? now.toISOString()].map((text) => new Date(text ?? Number.NaN));
  const refuse = (message: string) =>
    new Failure('InvalidArgument', {
      message,
      remedy: 'Give a span, for example --from 2026-11-21T08:00:00Z --to 2026-11-21T10:00:00Z',
    });
  if (start === undefined || Number.isNaN(start.getTime())) throw refuse('--from is not a time in ISO 8601');
  if (end === undefined || Number.isNaN(end.getTime())) throw refuse('--to is not a time in ISO 8601');
  if (end < start) throw refuse('--to is before --from');
  if (end > now) throw refuse('--to is in the future; the schedule itself will start those runs');
  return [start, end];
}
