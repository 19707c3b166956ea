import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderQuarantine, type QuarantineView } from '../render/quarantine.ts';

export const quarantines: Command = {
  usage: 'quarantines [platform]',
  description: 'list the data that restores set aside: size, until when it is kept, what to type',
  example: 'rekindle quarantines nuvla',
  async run({ environment, output }, [platform]) {
    const { withTemporal } = await import('../../client/connection.ts');
    const { openQuarantines } = await import('../../client/find-quarantine.ts');
    const { askProgress } = await import('../../client/runs.ts');
    return withTemporal(environment, async (client) => {
      const open = await openQuarantines(client, platform);
      const views = open.map(async ({ id, platform, startedAt }): Promise<QuarantineView> => {
        const progress = await askProgress(client, client.workflow.getHandle(id));
        const { volumes, bytes, releaseAt } = progress?.quarantine ?? {};
        const phase = progress?.phase ?? 'no worker answers';
        const { obstacle } = progress ?? {};
        return { quarantine: id, run: restoreOf(id), platform, startedAt, phase, volumes, bytes, releaseAt, obstacle };
      });
      const seen = await Promise.all(views);
      output.document({ quarantines: seen });
      output.say(seen.length === 0 ? 'nothing is in quarantine' : seen.map(renderQuarantine).join('\n\n'));
      return exitCodes.passed;
    });
  },
};

const restoreOf = (quarantine: string) => quarantine.replace(/^quarantine\//, '');
