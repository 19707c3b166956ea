import { Option } from 'commander';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption } from '../graph.ts';
import { openPlatform } from '../open-platform.ts';
import { renderPrunePreview } from '../render/retention.ts';

export const prune: Command = {
  usage: 'prune <platform>',
  description: 'remove the recovery points that retention lets go',
  example: 'rekindle prune nuvla --dry-run',
  options: [
    new Option('--dry-run', 'show for each point why it stays or goes, change nothing; needs no Temporal'),
    graphOption,
  ],
  async run(context, [platform = ''], options) {
    const { environment, output } = context;
    const draw = graphAsked(options, output, { command: `rekindle prune ${platform}` });
    const open = await openPlatform(environment, platform);
    if (options['dryRun'] !== true) {
      const { startAndFollow } = await import('../start-and-follow.ts');
      return startAndFollow(context, 'prune', { platform });
    }
    const { previewPrune } = await import('../../operations/prune/preview-prune.ts');
    const preview = await previewPrune(open);
    const { policy, points, verdicts, halfRemoved, warnings } = preview.assessment;
    const decided = verdicts.map((verdict, index) => ({ ...verdict, startedAt: points[index]?.startedAt }));
    await draw(preview.plan);
    output.document({
      platform,
      policy,
      points: decided,
      halfRemoved,
      foreign: preview.foreign,
      warnings,
      plan: preview.plan,
    });
    output.say(renderPrunePreview(platform, preview, output));
    return exitCodes.passed;
  },
};
