import { by, byOption, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { platformDesk } from '../with-desk.ts';

export const pin: Command = {
  usage: 'pin <platform> <point>',
  description: 'keep a recovery point, whatever retention says; needs no Temporal',
  example: 'rekindle pin nuvla latest',
  gateway: 'works',
  options: [byOption],
  async run({ environment, output }, [platform = '', name = ''], options) {
    const desk = await platformDesk(environment);
    const { answer, ...pinned } = await desk.pin(platform, name, by(options));
    output.document(pinned);
    output.say(answer);
    return exitCodes.passed;
  },
};
