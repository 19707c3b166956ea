import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { renderQuarantine } from '../render/quarantine.ts';

export const quarantines: Command = {
  usage: 'quarantines [platform]',
  description: 'list the data that restores set aside: size, until when it is kept, what to type',
  example: 'rekindle quarantines nuvla',
  gateway: 'works',
  async run({ environment, output }, [platform]) {
    const { withDesk } = await import('../with-desk.ts');
    return withDesk(environment, async (desk) => {
      const seen = await desk.quarantines(platform);
      output.document({ quarantines: seen });
      output.say(seen.length === 0 ? 'nothing is in quarantine' : seen.map(renderQuarantine).join('\n\n'));
      return exitCodes.passed;
    });
  },
};
