import { Option } from 'commander';
import { by, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { platformDesk } from '../with-desk.ts';

export const unpin: Command = {
  usage: 'unpin <platform> <point>',
  description: 'take back what people pinned; needs no Temporal',
  example: 'rekindle unpin nuvla 2026-11-21t0930z',
  gateway: 'works',
  options: [new Option('--all', 'also the pins of runs, for instance of one that was terminated')],
  async run({ environment, output }, [platform = '', name = ''], options) {
    const desk = await platformDesk(environment);
    const word = { all: options['all'] === true, by: by(options) };
    const { answer, ...unpinned } = await desk.unpin(platform, name, word);
    output.document(unpinned);
    output.say(answer);
    return exitCodes.passed;
  },
};
