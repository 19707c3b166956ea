import type { CommandContext, CommandResult } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { platformDesk } from './with-desk.ts';
import { renderOverview } from './render/overview.ts';
import { isWell } from '../domain/status/platform-summary.ts';

/** How every platform stands: what its catalogue knows, and what Temporal does, when it answers. */
export async function overview({ environment, output }: CommandContext): CommandResult {
  const platforms = await (await platformDesk(environment)).overview();
  output.document({ platforms });
  const now = Date.now();
  output.say(
    platforms.length === 0
      ? `there is no platform file in ${environment.gatewayUrl === undefined ? environment.platformsFolder : "the gateway's folder"}`
      : platforms.map((platform) => renderOverview(platform, output, now)).join('\n\n'),
  );
  return platforms.every(isWell) ? exitCodes.passed : exitCodes.failed;
}
