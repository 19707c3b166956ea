import { finalPhases } from '../../domain/runs/progress.ts';
import type { Command } from '../command.ts';
import { exitCodes, exitCodeOfRun } from '../exit-codes.ts';
import { widthOf } from '../output.ts';
import { renderRun } from '../render/progress.ts';
import { renderEnd } from '../render/report.ts';

export const status: Command = {
  usage: 'status <run>',
  description: "where a run stands; a platform's name means its newest run",
  example: 'rekindle status nuvla',
  async run({ environment, output }, [reference = '']) {
    const { withTemporal } = await import('../../client/connection.ts');
    const { pendingActivities } = await import('../../client/pending.ts');
    const { askProgress, findRun } = await import('../../client/runs.ts');
    return withTemporal(environment, async (client) => {
      const handle = await findRun(client, reference);
      const progress = await askProgress(client, handle);
      const pending = await pendingActivities(client, handle);
      if (progress === undefined) {
        output.document({ run: handle.workflowId, pending, note: 'no worker answers' });
        output.say(`no worker answers for ${handle.workflowId}; it goes on when one runs ("rekindle worker")`);
        return exitCodes.failed;
      }
      output.document({ ...progress, pending });
      output.say(renderRun(progress, pending, output, { width: widthOf(output), now: Date.now() }));
      if (!finalPhases.has(progress.phase))
        return progress.phase.startsWith('waiting for a') || progress.phase.startsWith('waiting for d')
          ? exitCodes.waitsForPerson
          : exitCodes.passed;
      output.say(renderEnd(progress, output));
      return exitCodeOfRun(progress);
    });
  },
};
