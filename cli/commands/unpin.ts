import { Option } from 'commander';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';

export const unpin: Command = {
  usage: 'unpin <platform> <point>',
  description: 'take back what people pinned; needs no Temporal',
  example: 'rekindle unpin nuvla 2026-11-21t0930z',
  options: [new Option('--all', 'also the pins of runs, for instance of one that was terminated')],
  async run({ environment, output }, [platform = '', name = ''], options) {
    const open = await openPlatform(environment, platform);
    const { pointNamed } = await import('../../operations/recovery-points/point-choice.ts');
    const { unpin } = await import('../../operations/recovery-points/pins.ts');
    const point = await pointNamed(open, name);
    const { unpinned, left } = await unpin(open.catalogue, point, { all: options['all'] === true });
    output.document({ platform, point, unpinned, left });
    output.say(
      unpinned.length === 0
        ? `nobody's pin of ${point} was taken back`
        : `${point} is no longer pinned by ${unpinned.join(', ')}`,
    );
    if (left.length > 0)
      output.say(`still pinned by ${left.join(', ')}: a run takes its pin back when it ends; "--all" does it now`);
    return exitCodes.passed;
  },
};
