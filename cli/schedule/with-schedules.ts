import type { Client } from '@temporalio/client';
import { withTemporal } from '../../client/connection.ts';
import type { Environment } from '../../config/environment.ts';
import { listPlatforms, loadPlatform } from '../../config/platform-file.ts';
import { Failure } from '../../domain/failures.ts';
import { repositoriesOf } from '../../domain/fleet/repositories.ts';
import { schedulesOf, spreadMembersOf, type Schedule, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import type { SpreadMember } from '../../domain/schedule/spread.ts';
import type { CommandContext, CommandResult } from '../command.ts';

/** The schedules of a platform file, and Temporal to look at them. Failures: those of the file come first. */
export async function withSchedules(
  { environment }: CommandContext,
  platform: string,
  work: (client: Client, wanted: Schedule[]) => CommandResult,
): CommandResult {
  const file = await loadPlatform(environment.platformsFolder, platform, environment.variables);
  const wanted = schedulesOf(file.platform, await spreadMembers(environment));
  return withTemporal(environment, (client) => work(client, wanted));
}

/** Of all platforms, since whoever shares a repository is kept apart. A file that cannot be used takes no place. */
async function spreadMembers({ platformsFolder, variables, host }: Environment): Promise<SpreadMember[]> {
  const members: SpreadMember[] = [];
  for (const name of await listPlatforms(platformsFolder)) {
    const loaded = await loadPlatform(platformsFolder, name, variables).catch(() => undefined);
    const platform = loaded?.platform;
    if (platform)
      members.push(...spreadMembersOf(platform, repositoriesOf(platform, platform.deployment.host ?? host)));
  }
  return members;
}

export function noSchedule(platform: string, only: ScheduleKind | undefined): Failure {
  return new Failure('InvalidArgument', {
    message: `Temporal has no ${only === undefined ? '' : `${only} `}schedule of ${platform}`,
    remedy: `"rekindle schedule ${platform} apply" creates those of the platform file`,
  });
}
