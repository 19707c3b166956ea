import { Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { words } from '../../domain/plans/script/quote.ts';
import { text, type Command, type CommandContext } from '../command.ts';
import type { Health } from '../deploy/health.ts';
import { exitCodes } from '../exit-codes.ts';
import { platformDesk } from '../with-desk.ts';

export const deploy: Command = {
  usage: 'deploy <platform> [command...]',
  description: 'back up, run a command that deploys, and wait until the platform is healthy',
  example: 'rekindle deploy nuvla -- docker compose up -d api',
  gateway: 'works',
  options: [
    new Option('--health-timeout <seconds>', 'how long the platform may take to be healthy').default('300'),
    new Option('--no-wait-health', 'do not wait until the platform is healthy'),
  ],
  async run(context, [platform = '', ...command], options) {
    const { environment, output } = context;
    const timeoutSeconds = secondsIn(text(options['healthTimeout']) ?? '300');
    if (command.length === 0) throw nothingToRun(platform);
    await (await platformDesk(environment)).assertUsable(platform);
    const { backUpFirst } = await import('../deploy/back-up-first.ts');
    const { runCommand } = await import('../deploy/run-command.ts');
    const { seeHealth, seeRunning } = await import('../deploy/health.ts');
    const point = await backUpFirst(context, platform);
    output.say(`Recovery point ${point} is good; running: ${words(command)}`);
    const waits = options['waitHealth'] !== false;
    const ran = waits ? await seeRunning(environment, platform) : [];
    const exitCode = await runCommand(command, output);
    const health: Health =
      exitCode === 0 && waits
        ? await seeHealth(environment, platform, { timeoutSeconds, ran }, output)
        : { healthy: null, ...(exitCode !== 0 && { failure: commandFailed(command, exitCode) }) };
    return conclude(output, { platform, point, command, exitCode }, health);
  },
};

/** A restore starts the containers that are there, with the image that the deployment gave them. */
const ofServices =
  'It brings back the data. Services keep their version: change it back first, or remove them to have them created as they were';

/** Shows how it went, and the way back unless all is well. */
function conclude(
  output: CommandContext['output'],
  deployed: { platform: string; point: string; command: string[]; exitCode: number },
  { healthy, failure, interrupted }: Health,
): number {
  const { platform, point } = deployed;
  const good = failure === undefined && !interrupted;
  const wayBack = `rekindle restore ${platform} --point ${point}`;
  output.document({
    ...deployed,
    healthy,
    ...(failure && { failure: { kind: failure.kind, message: failure.message, remedy: failure.remedy } }),
    ...(interrupted && { interrupted }),
    ...(!good && { wayBack }),
  });
  if (good) {
    const state = healthy ? `${platform} is healthy` : `Nobody checked whether ${platform} is healthy`;
    output.say(`${state}; recovery point from before the deployment: ${point}`);
    return exitCodes.passed;
  }
  if (failure) output.say(`${failure.message}\n→ ${failure.remedy}`);
  else output.say(`Interrupted; whether ${platform} is healthy is not known`);
  output.say(`The way back: ${wayBack}\n  ${ofServices}`);
  return interrupted ? exitCodes.interrupted : exitCodes.failed;
}

function secondsIn(given: string): number {
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  throw new Failure('InvalidArgument', {
    message: `--health-timeout ${given} is not a number of seconds from 1 to 999999`,
    remedy: 'Name whole seconds: --health-timeout 300',
  });
}

function nothingToRun(platform: string): Failure {
  return new Failure('InvalidArgument', {
    message: 'No command to run is named after --',
    remedy: `Name what deploys: rekindle deploy ${platform} -- docker compose up -d`,
  });
}

function commandFailed(command: readonly string[], exitCode: number): Failure {
  return new Failure('CommandFailed', {
    message: `The command ended with exit code ${exitCode}: ${words(command)}`,
    remedy: 'Read what it printed, remove the cause and deploy again, or go back',
  });
}
