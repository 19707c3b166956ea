import { Argument, Option } from 'commander';
import { by, byOption, text, type Command } from '../command.ts';
import { fleetActions, type FleetAction } from '../fleet/actions.ts';

export const fleet: Command = {
  usage: 'fleet',
  description: 'the restore of a fleet: its status, or approve, pause, resume or stop it',
  example: 'rekindle fleet status shops',
  gateway: 'works',
  arguments: [
    new Argument('<action>', 'what to do').choices(fleetActions),
    new Argument('<name>', "the fleet's name, as its file has it"),
  ],
  options: [
    new Option('--hash <hash>', 'approve: the hash of the wave you read, or its first 8 characters'),
    new Option('--reason <text>', 'pause, resume, stop: why'),
    byOption,
  ],
  run: async (context, [action = '', name = ''], options) => {
    const { sayToFleet } = await import('../fleet/say-to-fleet.ts');
    const word = { by: by(options), reason: text(options['reason']), hash: text(options['hash']) };
    return sayToFleet(context, { action: action as FleetAction, name, ...word });
  },
};
