import type { Client } from '@temporalio/client';
import { withTemporal } from '../../client/connection.ts';
import { loadPlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import { schedulesOf, type Schedule, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import type { CommandContext, CommandResult } from '../command.ts';

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

export function noSchedule(platform: string, only: ScheduleKind | undefined): Failure {
  return new Failure('InvalidArgument', {
    message: `Temporal has no ${only === undefined ? '' : `${only} `}schedule of ${platform}`,
    remedy: `"rekindle schedule ${platform} apply" creates those of the platform file`,
  });
}
