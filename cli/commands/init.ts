import { existsSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { nextSteps, type NextStep } from '../../domain/init/next-steps.ts';
import type { Initialised } from '../../operations/init/init.ts';
import { text, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output.ts';

export const init: Command = {
  usage: 'init',
  description: 'write a platform file from a running Compose project or Swarm stack; overwrites nothing',
  example: 'rekindle init --project nuvla',
  options: [
    new Option(
      '--project <project>',
      'the Compose project; default: the one that holds an Elasticsearch, else another store',
    ).conflicts('stack'),
    new Option('--stack <stack>', 'the stack, on Docker Swarm'),
    new Option(
      '--out <file>',
      "the file, named as the platform; default: in the platforms' folder, named as the project",
    ),
  ],
  async run({ environment, output }, _arguments, options) {
    const { dependenciesOf } = await import('../../operations/open-platform.ts');
    const { initialise } = await import('../../operations/init/init.ts');
    const { findPlace } = await import('../../operations/init/find-place.ts');
    const { docker } = dependenciesOf(environment);
    const [project, stack] = [text(options['project']), text(options['stack'])];
    const place =
      project !== undefined
        ? { kind: 'compose' as const, project }
        : stack !== undefined
          ? { kind: 'swarm' as const, stack }
          : await findPlace(docker);
    const name = place.kind === 'compose' ? place.project : place.stack;
    const file = path.resolve(text(options['out']) ?? path.join(environment.platformsFolder, `${name}.yaml`));
    const done = await initialise(docker, place, file, path.join(environment.stateFolder, 'catalogue'));
    const { roles, described, ...rest } = done;
    const { core, alsoStop, beside, leftOut } = roles;
    const next = nextSteps(described, { hasKey: existsSync(environment.keyFile) });
    const data = roles.data.map(({ service, ...found }) => ({ service: service.service, ...found }));
    output.document({ ...rest, found: { data, core, alsoStop, beside, leftOut }, next });
    tell(done, next, output);
    return exitCodes.passed;
  },
};

function tell({ file, roles, open }: Initialised, next: readonly NextStep[], output: Output): void {
  for (const { service, kind, signs, certain } of roles.data)
    output.say(`${service.service} is ${kind}${certain ? '' : ', it seems'}, by ${signs.join(', ')}`);
  output.say(`They use it, in start order: ${roles.core.join(', ') || 'none'}`);
  if (roles.alsoStop.length > 0) output.say(`Other clients, which would stop too: ${roles.alsoStop.join(', ')}`);
  for (const { service, why } of roles.beside) output.say(`${service} ${why}`);
  for (const { service, why } of roles.leftOut) output.say(`Left out: ${service} ${why}`);
  output.say(`\n${file} is written. To be looked at, marked "# ?" in it:`);
  for (const { at, text } of open) output.say(`  ${at}: ${text}`);
  const width = Math.max(...next.map(({ command }) => command.length));
  output.say('\nThen:');
  for (const { command, why } of next) output.say(`  ${command.padEnd(width)}  # ${why}`);
}
