import { by, type Command } from '../command.ts';

export const cancel: Command = {
  usage: 'cancel <run>',
  description: 'end a run; before the point of no return what was stopped is started again',
  example: 'rekindle cancel nuvla',
  gateway: 'works',
  async run(context, [reference = ''], options) {
    const { tellRun } = await import('../tell-run.ts');
    return tellRun(context, (desk) => desk.cancel(reference, { by: by(options) }));
  },
};
