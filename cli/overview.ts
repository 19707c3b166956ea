import { withTemporal } from '../client/connection.ts';
import { readUnderWay } from '../client/under-way.ts';
import { readPlatformsFolder } from '../config/platform-file.ts';
import { statusOf } from '../domain/status/status-page.ts';
import { seen } from '../domain/status/status.ts';
import { dependenciesOf } from '../operations/open-platform.ts';
import { seePlatform } from '../operations/status/see-platform.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { renderOverview, type PlatformOverview } from './render/overview.ts';

/** How every platform stands: what its catalogue knows, and what Temporal does, when it answers. */
export async function overview({ environment, output }: CommandContext): CommandResult {
  const names = await readPlatformsFolder(environment.platformsFolder);
  const dependencies = dependenciesOf(environment);
  // Nothing that is read here is ever encrypted, so no key is needed.
  const underWay = seen(
    withTemporal({ ...environment, payloadKeyFile: undefined }, (client) =>
      readUnderWay(client, environment.taskQueue),
    ),
  );
  const now = Date.now();
  const platforms = await Promise.all(
    names.map(async (name): Promise<PlatformOverview> => {
      const platform = await seePlatform(dependencies, name, underWay);
      const schedules = 'value' in platform.temporal ? platform.temporal.value.schedules : [];
      return {
        ...statusOf(platform, now).Rekindle,
        lastRun: 'value' in platform.catalogue ? platform.catalogue.value.lastRun : undefined,
        nextBackup: schedules.find(({ name, paused }) => name === 'backup' && !paused)?.nextAt,
      };
    }),
  );
  output.document({ platforms });
  output.say(
    platforms.length === 0
      ? `there is no platform file in ${environment.platformsFolder}`
      : platforms.map((platform) => renderOverview(platform, output, now)).join('\n\n'),
  );
  return platforms.every(({ state }) => state === 'good') ? exitCodes.passed : exitCodes.failed;
}
