import type { Command } from '../command.ts';

export const cancel: Command = {
  usage: 'cancel <run>',
  description: 'end a run; before the point of no return what was stopped is started again',
  example: 'rekindle cancel nuvla',
  async run(context, [reference = '']) {
    const { tellRun } = await import('../tell-run.ts');
    return tellRun(context, reference, async (handle) => {
      await handle.cancel();
      return `${handle.workflowId} is asked to end; before the point of no return it starts again what it stopped`;
    });
  },
};
