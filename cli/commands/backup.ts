import { Option } from 'commander';
import { beforeDeployment, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { graphAsked, graphOption } from '../graph.ts';
import { assertHere, openPlatform } from '../open-platform.ts';
import { renderPlan } from '../render/report.ts';
import { platformDesk } from '../with-desk.ts';

export const backup: Command = {
  usage: 'backup <platform>',
  description: 'take a recovery point and follow it to its end',
  example: 'rekindle backup nuvla',
  gateway: 'works',
  options: [
    new Option('--before-deploy', 'note why; a backup that runs is waited for, then another is taken').conflicts(
      'dryRun',
    ),
    new Option('--dry-run', 'show the plan, change nothing; needs no Temporal'),
    graphOption,
  ],
  async run(context, [platform = ''], options) {
    const { environment, output } = context;
    const draw = graphAsked(options, output, { command: `rekindle backup ${platform}` });
    if (options['dryRun'] !== true) {
      // A fault of the platform file is bad input, reported before anything is started.
      await (await platformDesk(environment)).assertUsable(platform);
      const { startAndFollow } = await import('../start-and-follow.ts');
      const startedBy = options['beforeDeploy'] === true ? beforeDeployment() : undefined;
      return startAndFollow(context, 'backup', { platform }, startedBy);
    }
    const { previewBackup } = await import('../../operations/backup/prepare-backup.ts');
    assertHere(environment, '--dry-run');
    const plan = await previewBackup(await openPlatform(environment, platform));
    await draw(plan);
    output.document({ plan });
    output.say(renderPlan(plan, output));
    return exitCodes.passed;
  },
};
