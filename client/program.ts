import os from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readEnvironment } from '../config/environment.ts';
import { Failure } from '../domain/failures.ts';
import type { RunningBackup, VolumeTreatment } from '../domain/platform.ts';
import { choices, type Choice } from '../domain/progress.ts';
import { codecServerCommand, codecServerDefaults } from './commands/codec-server.ts';
import { demoCommand, removeDemo } from './commands/demo.ts';
import { keygenCommand, payloadKeygenCommand } from './commands/keygen.ts';
import { pointsCommand, reportCommand, runsCommand, statusCommand, watchCommand } from './commands/look.ts';
import {
  approveCommand,
  cancelCommand,
  decideCommand,
  rejectCommand,
  releaseCommand,
  rollbackCommand,
} from './commands/messages.ts';
import { restoreCommand } from './commands/restore.ts';
import { upCommand, workerCommand } from './commands/serve.ts';
import { backupCommand, checkCommand, rebuildCommand } from './commands/work.ts';
import type { CommandContext, CommandResult, Toolbox } from './context.ts';
import { openOutput } from './output.ts';

const byOption = () => new Option('--by <name>', 'who says so').default(`${os.userInfo().username}@${os.hostname()}`);
const platformArgument = '<platform>';

/** The command line as data for commander; each action resolves to the exit code that `finish` is given. */
export function makeProgram(toolbox: Toolbox, finish: (exitCode: number) => void): Command {
  const program = new Command('rekindle')
    .description('Brings a platform back from its backups, and proves beforehand that it can.')
    .option('--json', 'print one JSON document (watch: one per line)')
    .addHelpText(
      'after',
      '\nExit codes: 0 passed, 1 failed, 2 bad input, 3 refused (nothing touched), 4 waits for a person, 130 interrupted',
    )
    .showHelpAfterError('(rekindle --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  /** Registers a command; `run` gets the context and what commander parsed. */
  const command = (
    usage: string,
    description: string,
    example: string,
    run: (
      context: CommandContext,
      args: string[],
      options: Record<string, string | boolean | undefined>,
    ) => CommandResult,
  ): Command => {
    const added = program.command(usage).description(description).addHelpText('after', `\nExample: ${example}`);
    added.option('--json', 'print one JSON document');
    return added.action(async () => {
      const options = added.optsWithGlobals<Record<string, string | boolean | undefined>>();
      const output = openOutput({ json: options['json'] === true });
      finish(await run({ environment: readEnvironment(), toolbox, output }, added.args, options));
    });
  };
  const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);
  const by = (options: Record<string, string | boolean | undefined>) => text(options['by']) ?? 'unknown';

  command(
    'demo',
    'make the demo platform, back it up, destroy it, bring it back',
    'rekindle demo --keep',
    (context, _, options) =>
      options['remove'] === true ? removeDemo(context) : demoCommand(context, { keep: options['keep'] === true }),
  )
    .option('--keep', 'leave all of it running afterwards, and say how to go on')
    .option('--remove', 'remove what "--keep" left, or what a killed demo left behind');

  command('up', 'run worker and, without TEMPORAL_ADDRESS, a Temporal with its UI', 'rekindle up', (context) =>
    upCommand(context),
  );
  command('worker', 'run the worker alone', 'TEMPORAL_ADDRESS=temporal:7233 rekindle worker', (context) =>
    workerCommand(context),
  );
  command('keygen [file]', 'make the key that encrypts captures', 'rekindle keygen', (context, [file], options) =>
    options['payload'] === true ? payloadKeygenCommand(context, file) : keygenCommand(context, file),
  ).option('--payload', 'the key that encrypts what Temporal stores, instead');
  command(
    'codec-server',
    'let the Temporal UI show what is encrypted',
    'rekindle codec-server --allow-origin https://temporal.example.org',
    (context, _, options) =>
      codecServerCommand(context, { listen: text(options['listen']), allowOrigin: text(options['allowOrigin']) }),
  )
    .option('--listen <host:port>', 'where it answers; whoever reaches it can decrypt', codecServerDefaults.listen)
    .option('--allow-origin <addresses>', "the UI's address; several with commas", codecServerDefaults.allowOrigin);

  command(
    `check ${platformArgument}`,
    'could we restore now? every check with verdict and remedy',
    'rekindle check nuvla',
    (context, [platform = '']) => checkCommand(context, { platform }),
  );
  command(
    `backup ${platformArgument}`,
    'take a recovery point and follow it to its end',
    'rekindle backup nuvla',
    (context, [platform = '']) => backupCommand(context, platform),
  );
  command(
    `points ${platformArgument}`,
    'list the recovery points; needs no Temporal',
    'rekindle points nuvla',
    (context, [platform = '']) => pointsCommand(context, platform),
  );

  command(
    `restore ${platformArgument}`,
    'bring the platform back from a recovery point',
    'rekindle restore nuvla --point latest --dry-run',
    (context, [platform = ''], options) =>
      restoreCommand(context, {
        dryRun: options['dryRun'] === true,
        by: by(options),
        input: {
          platform,
          point: text(options['point']),
          before: text(options['before']),
          volumes: text(options['volumes']) as VolumeTreatment | undefined,
          runningBackup: text(options['runningBackup']) as RunningBackup | undefined,
          approvedBy: options['yes'] === true ? by(options) : undefined,
        },
      }),
  )
    .addOption(new Option('--point <id>', '"latest", "proven" or an id of "rekindle points"').conflicts('before'))
    .option('--before <time>', 'the newest recovery point before this time (ISO 8601, UTC)')
    .addOption(new Option('--volumes <treatment>', 'what happens to the old data').choices(['quarantine', 'remove']))
    .addOption(
      new Option('--running-backup <choice>', 'what happens to a backup that runs').choices(['wait', 'cancel']),
    )
    .option('--dry-run', 'show plan and preflight, change nothing; needs no Temporal')
    .option('--yes', 'approve the plan in advance; recorded as your approval')
    .addOption(byOption());

  command(
    `rebuild ${platformArgument} [store]`,
    'make a derived store anew from its source',
    'rekindle rebuild nuvla jobs',
    (context, [platform = '', store], options) =>
      rebuildCommand(context, { platform, store, requestedBy: by(options) }, { dryRun: options['dryRun'] === true }),
  )
    .option('--dry-run', 'show the plan, change nothing')
    .addOption(byOption());

  command(
    'approve <run>',
    "approve a run's plan",
    'rekindle approve restore/nuvla/2026-11-21T09:30:00Z',
    (context, [run = ''], options) => approveCommand(context, run, { hash: text(options['hash']), by: by(options) }),
  )
    .option('--hash <hash>', 'the hash of the plan you read; default: the plan as it stands')
    .addOption(byOption());
  command(
    'reject <run>',
    "reject a run's plan",
    'rekindle reject nuvla --reason "false alarm"',
    (context, [run = ''], options) => rejectCommand(context, run, { by: by(options), reason: text(options['reason']) }),
  )
    .option('--reason <text>', 'why')
    .addOption(byOption());
  command(
    'decide <run> <choice>',
    'retry, skip or abort a failed step, or roll the restore back',
    'rekindle decide nuvla retry',
    (context, [run = '', choice = ''], options) =>
      decideCommand(context, run, { choice: choiceNamed(choice), step: text(options['step']), by: by(options) }),
  )
    .option('--step <id>', 'which step, when several wait')
    .addOption(byOption());
  command(
    'cancel <run>',
    'end a run; before the point of no return what was stopped is started again',
    'rekindle cancel nuvla',
    (context, [run = '']) => cancelCommand(context, run),
  );

  command(
    'rollback <run>',
    'bring back the data that a restore set aside, and start what ran before it',
    'rekindle rollback restore/nuvla/2026-11-21T09:30:00Z',
    (context, [run = ''], options) => rollbackCommand(context, run, by(options)),
  ).addOption(byOption());
  command(
    'release <run>',
    'delete the data that a restore set aside; there is no way back then',
    'rekindle release restore/nuvla/2026-11-21T09:30:00Z',
    (context, [run = ''], options) => releaseCommand(context, run, by(options)),
  ).addOption(byOption());

  command(
    'runs [platform]',
    'list the runs, newest first',
    'rekindle runs nuvla --limit 5',
    (context, [platform], options) => runsCommand(context, platform, Number(text(options['limit']) ?? 20)),
  ).option('--limit <count>', 'how many', wholeNumber);
  command(
    'status <run>',
    "where a run stands; a platform's name means its newest run",
    'rekindle status nuvla',
    (context, [run = '']) => statusCommand(context, run),
  );
  command('watch <run>', 'follow a run to its end', 'rekindle watch nuvla', (context, [run = '']) =>
    watchCommand(context, run),
  );
  command(
    'report <platform> <run>',
    "a run's report from the catalogue; needs no Temporal",
    'rekindle report nuvla restore/nuvla/2026-11-21T09:30:00Z',
    (context, [platform = '', run = '']) => reportCommand(context, platform, run),
  );
  return program;
}

function wholeNumber(value: string): string {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('a whole number from 1 is wanted');
  return value;
}

function choiceNamed(choice: string): Choice {
  const known = choices.find((one) => one === choice);
  if (known) return known;
  throw new Failure('InvalidArgument', {
    message: `"${choice}" is not a choice`,
    remedy: `choose one of ${choices.join(', ')}`,
  });
}
