import { Option } from 'commander';
import { text, type Command } from '../command.ts';
import { platformDesk } from '../with-desk.ts';

export const scrub: Command = {
  usage: 'scrub <platform>',
  description: 'read the backups from the bucket and compare them with their checksums',
  example: 'rekindle scrub nuvla --point latest',
  gateway: 'works',
  options: [
    new Option('--all', 'all that recovery points refer to (default: the share that is due)').conflicts('point'),
    new Option('--point <point>', 'only what this one refers to: "latest", "proven" or an id'),
  ],
  async run(context, [platform = ''], options) {
    const point = text(options['point']);
    await (await platformDesk(context.environment)).assertUsable(platform);
    const { startAndFollow } = await import('../start-and-follow.ts');
    const extent = options['all'] === true ? 'all' : 'share';
    return startAndFollow(context, 'scrub', { platform, ...(point === undefined ? { extent } : { point }) });
  },
};
