import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderAdoptions, renderPoint, renderPoints } from '../render/points.ts';

/** A catalogue that somebody else writes into may warn of thousands of keys. */
const warningsShown = 10;

/** Lists the recovery points; with `adopt`, those that others' snapshots can be come first. */
export async function pointsCommand(
  { toolbox, output }: CommandContext,
  platform: string,
  { adopt }: { adopt: boolean },
): CommandResult {
  const adoptions = adopt ? await toolbox.adoptPoints(platform) : undefined;
  const { points, unfinished, warnings } = await toolbox.listPoints(platform);
  output.document({ platform, ...adoptions, points, unfinished, warnings });
  if (adoptions) output.say(`${renderAdoptions(adoptions)}\n`);
  output.say(
    points.length === 0
      ? `${platform} has no recovery point; take one with "rekindle backup ${platform}"`
      : renderPoints(points, Date.now()),
  );
  if (unfinished.length > 0)
    output.say(`not finished, by a backup that runs or by one that died: ${unfinished.join(', ')}`);
  for (const warning of warnings.slice(0, warningsShown)) output.say(`warning: ${warning}`);
  if (warnings.length > warningsShown) output.say(`warning: and ${warnings.length - warningsShown} more keys skipped`);
  return exitCodes.passed;
}

/** One recovery point in full. */
export async function pointCommand({ toolbox, output }: CommandContext, platform: string, id: string): CommandResult {
  const point = await toolbox.readPoint(platform, id);
  output.document({ platform, point: point.summary, ...point, summary: undefined });
  output.say(renderPoint(point, Date.now()));
  return exitCodes.passed;
}
