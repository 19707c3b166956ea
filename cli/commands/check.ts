import { Option } from 'commander';
import { describeReadiness } from '../../domain/readiness/readiness.ts';
import { seen } from '../../domain/status/status.ts';
import type { ReadinessSeen } from '../../domain/status/readiness-seen.ts';
import { startedHere, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { platformDesk } from '../with-desk.ts';
import { renderChecks } from '../render/report.ts';

export const check: Command = {
  usage: 'check <platform>',
  description: 'could we restore now? every check with verdict and remedy',
  example: 'rekindle check nuvla',
  gateway: 'works',
  options: [new Option('--last', 'only what its schedule evaluated last, at once')],
  async run({ environment, output }, [platform = ''], options) {
    const desk = await platformDesk(environment);
    if (options['last'] === true) return sayLast(output, platform, await desk.readiness(platform));
    // Temporal is not needed for the checks themselves, so they do not wait for it.
    const standing = seen(desk.readiness(platform)).then((answer) => {
      const last = 'value' in answer ? answer.value : undefined;
      if (last) output.say(`Readiness: ${describeReadiness(last, Date.now())}`);
      return last;
    });
    const { verdict, checks } = await desk.assess({ platform, startedBy: startedHere() }, output.wait);
    const readiness = await standing;
    output.document({ platform, verdict, checks, ...(readiness && { readiness }) });
    output.say(`${renderChecks(checks, output)}\nVerdict: ${verdict}`);
    return verdict === 'pass' ? exitCodes.passed : exitCodes.refused;
  },
};

function sayLast(output: Output, platform: string, readiness: ReadinessSeen | undefined): number {
  output.document({ platform, readiness: readiness ?? null });
  if (readiness === undefined) {
    output.say(
      `Readiness of ${platform}: never evaluated; "rekindle schedule ${platform} apply" starts that, unless readiness.everyMinutes is 0`,
    );
    return exitCodes.refused;
  }
  output.say(
    [
      `Readiness: ${describeReadiness(readiness, Date.now())}`,
      ...readiness.unmet.flatMap(({ name, evidence, remedy }) => [`  ${name}: ${evidence}`, `    → ${remedy}`]),
    ].join('\n'),
  );
  return readiness.verdict === 'ready' ? exitCodes.passed : exitCodes.refused;
}
