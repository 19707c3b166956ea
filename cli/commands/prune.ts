import type { CommandContext, CommandResult } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { renderPrunePreview } from '../render/retention.ts';
import { startRun } from '../../client/runs.ts';
import { withTemporal } from '../../client/connection.ts';

export async function pruneCommand(
  { environment, output, toolbox }: CommandContext,
  platform: string,
  { dryRun }: { dryRun: boolean },
): CommandResult {
  if (dryRun) {
    const preview = await toolbox.previewPrune(platform);
    const { policy, points, verdicts, halfRemoved, warnings } = preview.assessment;
    const told = verdicts.map((verdict, index) => ({ ...verdict, startedAt: points[index]?.startedAt }));
    output.document({ platform, policy, points: told, halfRemoved, foreign: preview.foreign, warnings });
    output.say(renderPrunePreview(platform, preview, output));
    return exitCodes.passed;
  }
  await toolbox.validatePlatform(platform);
  return withTemporal(environment, async (client) => {
    const handle = await startRun(client, 'prune', environment.taskQueue, { platform });
    return followToEnd(client, handle, output);
  });
}

export async function pinCommand(
  { output, toolbox }: CommandContext,
  platform: string,
  point: string,
  by: string,
): CommandResult {
  const { pinned } = await toolbox.pinPoint(platform, point, by);
  output.document({ platform, point, pinned: true, by, changed: pinned });
  output.say(pinned ? `${point} is pinned by ${by}: no prune removes it` : `${point} was pinned by ${by} already`);
  return exitCodes.passed;
}

export async function unpinCommand(
  { output, toolbox }: CommandContext,
  platform: string,
  point: string,
  options: { all: boolean },
): CommandResult {
  const { unpinned, left } = await toolbox.unpinPoint(platform, point, options);
  output.document({ platform, point, unpinned, left });
  output.say(
    unpinned.length === 0
      ? `nobody's pin of ${point} was taken back`
      : `${point} is no longer pinned by ${unpinned.join(', ')}`,
  );
  if (left.length > 0)
    output.say(`still pinned by ${left.join(', ')}: a run takes its pin back when it ends; "--all" does it now`);
  return exitCodes.passed;
}
