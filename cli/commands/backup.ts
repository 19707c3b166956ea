import type { Command } from '../command.ts';
import { openPlatform } from '../open-platform.ts';

export const backup: Command = {
  usage: 'backup <platform>',
  description: 'take a recovery point and follow it to its end',
  example: 'rekindle backup nuvla',
  async run(context, [platform = '']) {
    // A fault of the platform file is bad input, reported before anything is started.
    await openPlatform(context.environment, platform);
    const { startAndFollow } = await import('../start-and-follow.ts');
    return startAndFollow(context, 'backup', { platform });
  },
};
