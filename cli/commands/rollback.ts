import { by, byOption, type Command } from '../command.ts';

export const rollback: Command = {
  usage: 'rollback <run>',
  description: 'bring back the data that a restore set aside, and start what ran before it',
  example: 'rekindle rollback restore/nuvla/2026-11-21T09:30:00Z',
  options: [byOption],
  async run(context, [reference = ''], options) {
    const { tellQuarantine } = await import('../tell-quarantine.ts');
    const messages = await import('../../workflows/messages.ts');
    return tellQuarantine(context, reference, messages.rollback, by(options));
  },
};
