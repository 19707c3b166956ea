import { startedHere, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { platformDesk } from '../with-desk.ts';
import { renderChecks } from '../render/report.ts';

export const check: Command = {
  usage: 'check <platform>',
  description: 'could we restore now? every check with verdict and remedy',
  example: 'rekindle check nuvla',
  gateway: 'works',
  async run({ environment, output }, [platform = '']) {
    const desk = await platformDesk(environment);
    const { verdict, checks } = await desk.assess({ platform, startedBy: startedHere() }, output.wait);
    output.document({ platform, verdict, checks });
    output.say(`${renderChecks(checks, output)}\nVerdict: ${verdict}`);
    return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
  },
};
