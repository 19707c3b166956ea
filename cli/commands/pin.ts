import { by, byOption, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';

export const pin: Command = {
  usage: 'pin <platform> <point>',
  description: 'keep a recovery point, whatever retention says; needs no Temporal',
  example: 'rekindle pin nuvla 2026-11-21t0930z',
  options: [byOption],
  async run({ environment, output }, [platform = '', point = ''], options) {
    const { catalogue } = await openPlatform(environment, platform);
    const { personOf, pin } = await import('../../operations/recovery-points/pins.ts');
    const { pinned } = await pin(catalogue, point, personOf(by(options)));
    output.document({ platform, point, pinned: true, by: by(options), changed: pinned });
    output.say(
      pinned
        ? `${point} is pinned by ${by(options)}: no prune removes it`
        : `${point} was pinned by ${by(options)} already`,
    );
    return exitCodes.passed;
  },
};
