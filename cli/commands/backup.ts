import { Option } from 'commander';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption } from '../graph.ts';
import { openPlatform } from '../open-platform.ts';
import { renderPlan } from '../render/report.ts';

export const backup: Command = {
  usage: 'backup <platform>',
  description: 'take a recovery point and follow it to its end',
  example: 'rekindle backup nuvla',
  options: [new Option('--dry-run', 'show the plan, change nothing; needs no Temporal'), graphOption],
  async run(context, [platform = ''], options) {
    const { environment, output } = context;
    const draw = graphAsked(options, output, { command: `rekindle backup ${platform}` });
    // A fault of the platform file is bad input, reported before anything is started.
    const open = await openPlatform(environment, platform);
    if (options['dryRun'] !== true) {
      const { startAndFollow } = await import('../start-and-follow.ts');
      return startAndFollow(context, 'backup', { platform });
    }
    const { previewBackup } = await import('../../operations/backup/prepare-backup.ts');
    const plan = await previewBackup(open);
    await draw(plan);
    output.document({ plan });
    output.say(renderPlan(plan, output));
    return exitCodes.passed;
  },
};
