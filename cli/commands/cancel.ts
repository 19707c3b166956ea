import { Failure } from '../../domain/failures.ts';
import type { Command } from '../command.ts';

export const cancel: Command = {
  usage: 'cancel <run>',
  description: 'end a run; before the point of no return what was stopped is started again',
  example: 'rekindle cancel nuvla',
  async run(context, [reference = '']) {
    const { tellRun } = await import('../tell-run.ts');
    return tellRun(context, reference, async ({ handle, id, kind }) => {
      if (kind === 'quarantine') throw isKept(id);
      await handle.cancel();
      return `${id} is asked to end; before the point of no return it starts again what it stopped`;
    });
  },
};

function isKept(quarantine: string): Failure {
  const run = quarantine.replace(/^quarantine\//, '');
  return new Failure('InvalidArgument', {
    message: `${quarantine} cannot be cancelled: it keeps the data that ${run} set aside, and without it there is no way back`,
    remedy: `Bring the data back: rekindle rollback ${run}; or delete it: rekindle release ${run}`,
  });
}
