import { Option } from 'commander';
import { by, byOption, text, type Command } from '../command.ts';

export const reject: Command = {
  usage: 'reject <run>',
  description: "reject a run's plan",
  example: 'rekindle reject nuvla --reason "false alarm"',
  gateway: 'works',
  options: [new Option('--reason <text>', 'why'), byOption],
  async run(context, [reference = ''], options) {
    const { tellRun } = await import('../tell-run.ts');
    const word = { by: by(options), reason: text(options['reason']) };
    return tellRun(context, (desk) => desk.reject(reference, word));
  },
};
