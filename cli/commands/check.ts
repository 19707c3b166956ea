import { overallVerdict } from '../../domain/checks.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openUndisputed } from '../open-platform.ts';
import { renderChecks } from '../render/report.ts';

export const check: Command = {
  usage: 'check <platform>',
  description: 'could we restore now? every check with verdict and remedy',
  example: 'rekindle check nuvla',
  async run({ environment, output }, [platform = '']) {
    const { assessNow } = await import('../assess-now.ts');
    const { checks } = await assessNow(await openUndisputed(environment, platform), { platform }, output);
    const verdict = overallVerdict(checks);
    output.document({ platform, verdict, checks });
    output.say(`${renderChecks(checks, output)}\nVerdict: ${verdict}`);
    return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
  },
};
