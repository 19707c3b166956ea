import { overallVerdict } from '../../domain/checks.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { openUndisputed } from '../open-platform.ts';
import { renderChecks } from '../render/report.ts';

export const validate: Command = {
  usage: 'validate <platform>',
  description: 'compare a platform file with what runs, before the first backup; changes nothing',
  example: 'rekindle validate nuvla',
  async run({ environment, output }, [platform = '']) {
    const open = await openUndisputed(environment, platform);
    const { validate } = await import('../../operations/validate/validate.ts');
    const checks = await validate(open);
    const verdict = overallVerdict(checks);
    output.document({ platform, verdict, checks });
    output.say(`${renderChecks(checks, output)}\nVerdict: ${verdict}`);
    return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
  },
};
