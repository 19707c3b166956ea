import { Argument } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { chargeOf, type Lease } from '../../domain/orchestrators/lease.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openPlatform } from '../open-platform.ts';

const actions = ['show', 'take'] as const;

export const orchestrator: Command = {
  usage: 'orchestrator <platform>',
  description: 'which orchestrator is in charge of a platform: show, or take over; needs no Temporal',
  example: 'REKINDLE_ORCHESTRATOR=north rekindle orchestrator nuvla take',
  arguments: [new Argument('[action]', 'what to do').choices(actions).default('show')],
  async run({ environment, output }, [platform = '', action = 'show']) {
    const name = environment.orchestrator;
    if (action === 'take' && name === undefined) throw nameless();
    const { catalogue } = await openPlatform(environment, platform);
    if (action === 'take' && name !== undefined) {
      const before = chargeOf(await catalogue.leases());
      const lease = await catalogue.takeLease({ orchestrator: name, at: new Date().toISOString() });
      output.document({ platform, inCharge: lease });
      output.say(`In charge of ${platform}: ${shown(lease)}`);
      if (before.kind === 'one' && before.lease.orchestrator !== name)
        output.note(
          `${before.lease.orchestrator} is retired: its steps are refused from now on, those under way end within half a minute. Pause its schedules, or shut it down`,
        );
      return exitCodes.passed;
    }
    const leases = await catalogue.leases();
    const charge = chargeOf(leases);
    output.document({ platform, leases, ...(charge.kind === 'one' && { inCharge: charge.lease }) });
    if (charge.kind === 'nobody') output.say(`Nobody took charge of ${platform}: every orchestrator may work on it`);
    else if (charge.kind === 'one') output.say(`In charge of ${platform}: ${shown(charge.lease)}`);
    else output.say(`Taking over ${platform} at the same moment: ${charge.leases.map(shown).join('; ')}`);
    return exitCodes.passed;
  },
};

const shown = ({ orchestrator: name, at, epoch }: Lease) => `${name}, since ${at} (epoch ${epoch})`;

function nameless(): Failure {
  return new Failure('InvalidArgument', {
    message: 'This orchestrator has no name',
    remedy:
      'Set REKINDLE_ORCHESTRATOR, the same for all its workers and another one than that of every other orchestrator',
  });
}
