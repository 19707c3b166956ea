import { Option } from 'commander';
import { by, byOption, text, type Command } from '../command.ts';

export const approve: Command = {
  usage: 'approve <run>',
  description: "approve a run's plan",
  example: 'rekindle approve restore/nuvla/2026-11-21T09:30:00Z',
  options: [new Option('--hash <hash>', 'the hash of the plan you read; default: the plan as it stands'), byOption],
  async run({ environment, output }, [reference = ''], options) {
    const { tellRun } = await import('../tell-run.ts');
    const messages = await import('../../workflows/messages.ts');
    return tellRun({ environment, output }, reference, async (handle) => {
      // Without a hash the person approves what they see now; the run still refuses when it changed meanwhile.
      const planHash = text(options['hash']) ?? (await handle.query(messages.plan))?.hash ?? '';
      return handle.executeUpdate(messages.approve, { args: [{ planHash, by: by(options) }] });
    });
  },
};
