import { by, byOption, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';

export const pin: Command = {
  usage: 'pin <platform> <point>',
  description: 'keep a recovery point, whatever retention says; needs no Temporal',
  example: 'rekindle pin nuvla latest',
  options: [byOption],
  async run({ environment, output }, [platform = '', name = ''], options) {
    const open = await openPlatform(environment, platform);
    const { pointNamed } = await import('../../operations/recovery-points/point-choice.ts');
    const { personOf, pin } = await import('../../operations/recovery-points/pins.ts');
    const point = await pointNamed(open, name);
    const { pinned } = await pin(open.catalogue, point, personOf(by(options)));
    output.document({ platform, point, pinned: true, by: by(options), changed: pinned });
    output.say(
      pinned
        ? `${point} is pinned by ${by(options)}: no prune removes it`
        : `${point} was pinned by ${by(options)} already`,
    );
    return exitCodes.passed;
  },
};
