import { Argument, Option } from 'commander';
import { choices, type Choice } from '../../domain/runs/progress.ts';
import { by, byOption, text, type Command } from '../command.ts';

export const decide: Command = {
  usage: 'decide <run>',
  description: 'retry, skip or abort a failed step, or roll the restore back',
  example: 'rekindle decide nuvla retry',
  gateway: 'works',
  arguments: [new Argument('<choice>', 'what happens with the step that failed').choices(choices)],
  options: [new Option('--step <id>', 'which step, when several wait'), byOption],
  async run(context, [reference = '', choice = ''], options) {
    const { tellRun } = await import('../tell-run.ts');
    const word = { step: text(options['step']), choice: choice as Choice, by: by(options) };
    return tellRun(context, (desk) => desk.decide(reference, word));
  },
};
