import { by, byOption, type Command } from '../command.ts';

export const release: Command = {
  usage: 'release <run>',
  description: 'delete the data that a restore set aside; there is no way back then',
  example: 'rekindle release restore/nuvla/2026-11-21T09:30:00Z',
  gateway: 'works',
  options: [byOption],
  async run(context, [reference = ''], options) {
    const { tellQuarantine } = await import('../tell-quarantine.ts');
    return tellQuarantine(context, reference, 'release', by(options));
  },
};
