import { Command as CommanderCommand, Option } from 'commander';
import { readEnvironment, type Environment } from '../config/environment.ts';
import { exposedKeys } from '../config/exposed-keys.ts';
import { Failure } from '../domain/failures.ts';
import type { Command, Options } from './command.ts';
import { accept } from './commands/accept.ts';
import { approve } from './commands/approve.ts';
import { audit } from './commands/audit.ts';
import { backup } from './commands/backup.ts';
import { backupSelf } from './commands/backup-self.ts';
import { cancel } from './commands/cancel.ts';
import { check } from './commands/check.ts';
import { codecServer } from './commands/codec-server.ts';
import { completion } from './commands/completion.ts';
import { copy } from './commands/copy.ts';
import { decide } from './commands/decide.ts';
import { demo } from './commands/demo.ts';
import { deploy } from './commands/deploy.ts';
import { drill } from './commands/drill.ts';
import { exportCommand } from './commands/export.ts';
import { fleet } from './commands/fleet.ts';
import { gateway } from './commands/gateway.ts';
import { importCommand } from './commands/import.ts';
import { incidents } from './commands/incidents.ts';
import { init } from './commands/init.ts';
import { keygen } from './commands/keygen.ts';
import { orchestrator } from './commands/orchestrator.ts';
import { pin } from './commands/pin.ts';
import { points } from './commands/points.ts';
import { prune } from './commands/prune.ts';
import { quarantines } from './commands/quarantines.ts';
import { rebuild } from './commands/rebuild.ts';
import { reject } from './commands/reject.ts';
import { release } from './commands/release.ts';
import { report } from './commands/report.ts';
import { restoreSelf } from './commands/restore-self.ts';
import { restore } from './commands/restore.ts';
import { rollback } from './commands/rollback.ts';
import { runs } from './commands/runs.ts';
import { scrub } from './commands/scrub.ts';
import { schedule } from './commands/schedule.ts';
import { status } from './commands/status.ts';
import { token } from './commands/token.ts';
import { unpin } from './commands/unpin.ts';
import { up } from './commands/up.ts';
import { validate } from './commands/validate.ts';
import { watch } from './commands/watch.ts';
import { worker } from './commands/worker.ts';
import { openOutput } from './output.ts';
import type { Toolbox } from './toolbox.ts';

/** Every command, in the order and under the headings of "rekindle --help". */
const commands: Record<string, readonly Command[]> = {
  'Restore:': [check, drill, restore, copy, rebuild, quarantines, rollback, release],
  'Answer a run:': [approve, reject, decide, cancel],
  'Look at runs:': [status, watch, runs, report, fleet],
  'Back up:': [
    init,
    validate,
    backup,
    deploy,
    points,
    accept,
    pin,
    unpin,
    prune,
    scrub,
    schedule,
    exportCommand,
    importCommand,
  ],
  'Run Rekindle:': [
    demo,
    up,
    worker,
    gateway,
    incidents,
    token,
    audit,
    orchestrator,
    backupSelf,
    restoreSelf,
    keygen,
    codecServer,
    completion,
  ],
};

const exitCodeHelp =
  'Exit codes: 0 passed, 1 failed, 2 bad input, 3 refused (nothing touched), 4 waits for a person, 130 interrupted';

/** The command line for commander; each action resolves to the exit code that `finish` is given. */
export function makeProgram(toolbox: Toolbox, finish: (exitCode: number) => void, version: string): CommanderCommand {
  const program = new CommanderCommand('rekindle')
    .version(version)
    .description('Brings a platform back from its backups, and proves beforehand that it can.')
    .option('--json', 'print one JSON document (watch: one per line)')
    .option('--gateway <url>', 'work through this gateway, with the token in REKINDLE_TOKEN or REKINDLE_TOKEN_FILE')
    .addHelpText('after', `\n${exitCodeHelp}`)
    .showHelpAfterError('(rekindle --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const [heading, group] of Object.entries(commands))
    for (const command of group) register(program, command, { toolbox, finish }).helpGroup(heading);
  return program;
}

function register(
  program: CommanderCommand,
  { usage, description, example, gateway, arguments: more = [], options = [], run }: Command,
  { toolbox, finish }: { toolbox: Toolbox; finish: (exitCode: number) => void },
): CommanderCommand {
  const added = program.command(usage).description(description).addHelpText('after', `\nExample: ${example}`);
  added.showHelpAfterError(`(rekindle ${added.name()} --help shows how it is used)`);
  for (const argument of more) added.addArgument(argument);
  for (const option of options) added.addOption(option);
  const through = new Option('--gateway <url>', 'work through this gateway').hideHelp(gateway !== 'works');
  return added
    .addOption(through)
    .option('--json', 'print one JSON document')
    .action(async () => {
      const given = added.optsWithGlobals<Options>();
      const output = openOutput({ json: given['json'] === true });
      const environment = environmentFor(given);
      if (environment.gatewayUrl !== undefined && gateway === undefined) throw onThePlatformsSide(added.name());
      for (const { what, remedy } of await exposedKeys(environment)) output.wait(`WARNING: ${what}\n→ ${remedy}`);
      finish(await run({ environment, toolbox, output }, added.args, given, program));
    });
}

function environmentFor({ gateway }: Options): Environment {
  const environment = readEnvironment();
  return typeof gateway === 'string' ? { ...environment, gatewayUrl: gateway } : environment;
}

function onThePlatformsSide(command: string): Failure {
  return new Failure('InvalidArgument', {
    message: `"rekindle ${command}" does not work through a gateway`,
    remedy: `Run it on the platform's side, where its worker or its gateway runs; without --gateway and REKINDLE_GATEWAY_URL`,
  });
}
