import { Option } from 'commander';
import type { RunningBackup, VolumeTreatment } from '../../domain/platform.ts';
import { by, byOption, platformArgument, text, type Register } from './register.ts';

// Loaded when asked for: see register.ts.
const points = () => import('../commands/points.ts');
const restore = () => import('../commands/restore.ts');
const prune = () => import('../commands/prune.ts');
const work = () => import('../commands/work.ts');

/** What is done to a platform. */
export function registerWork(command: Register): void {
  command(
    `check ${platformArgument}`,
    'could we restore now? every check with verdict and remedy',
    'rekindle check nuvla',
    async (context, [platform = '']) => (await work()).checkCommand(context, { platform }),
  );
  command(
    `backup ${platformArgument}`,
    'take a recovery point and follow it to its end',
    'rekindle backup nuvla',
    async (context, [platform = '']) => (await work()).backupCommand(context, platform),
  );
  command(
    `points ${platformArgument}`,
    'list the recovery points; needs no Temporal',
    'rekindle points nuvla',
    async (context, [platform = ''], options) => {
      const point = text(options['point']);
      if (point !== undefined) return (await points()).pointCommand(context, platform, point);
      return (await points()).pointsCommand(context, platform, { adopt: options['adopt'] === true });
    },
  )
    .addOption(new Option('--point <id>', 'show this one in full').conflicts('adopt'))
    .option('--adopt', 'make recovery points of snapshots that others took; Elasticsearch must answer');

  command(
    `restore ${platformArgument}`,
    'bring the platform back from a recovery point',
    'rekindle restore nuvla --point latest --dry-run',
    async (context, [platform = ''], options) =>
      (await restore()).restoreCommand(context, {
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
    `prune ${platformArgument}`,
    'remove the recovery points that retention lets go',
    'rekindle prune nuvla --dry-run',
    async (context, [platform = ''], options) =>
      (await prune()).pruneCommand(context, platform, { dryRun: options['dryRun'] === true }),
  ).option('--dry-run', 'show for each point why it stays or goes, change nothing; needs no Temporal');
  command(
    `pin ${platformArgument} <point>`,
    'keep a recovery point, whatever retention says; needs no Temporal',
    'rekindle pin nuvla 2026-11-21t0930z',
    async (context, [platform = '', point = ''], options) =>
      (await prune()).pinCommand(context, platform, point, by(options)),
  ).addOption(byOption());
  command(
    `unpin ${platformArgument} <point>`,
    'take back what persons pinned; needs no Temporal',
    'rekindle unpin nuvla 2026-11-21t0930z',
    async (context, [platform = '', point = ''], options) =>
      (await prune()).unpinCommand(context, platform, point, { all: options['all'] === true }),
  ).option('--all', 'also the pins of runs: of one that was terminated, say');

  command(
    `rebuild ${platformArgument} [store]`,
    'make a derived store anew from its source',
    'rekindle rebuild nuvla jobs',
    async (context, [platform = '', store], options) =>
      (await work()).rebuildCommand(
        context,
        { platform, store, removeExtra: options['removeExtra'] === true ? true : undefined, requestedBy: by(options) },
        { dryRun: options['dryRun'] === true, list: options['list'] === true },
      ),
  )
    .option('--dry-run', 'show the plan and what each queue would get, change nothing')
    .option('--list', 'with --dry-run: every job, in the order of the queue')
    .option('--remove-extra', 'also remove entries that stand for no job, unless a consumer holds them')
    .addOption(byOption());
}
