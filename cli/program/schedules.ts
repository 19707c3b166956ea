import { Argument, Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { scheduleKinds, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import type { CommandContext, CommandResult } from '../command-context.ts';
import { by, byOption, text, type Options, type Register } from './register.ts';

// Loaded when asked for: see register.ts.
const backfill = () => import('../commands/backfill.ts');
const schedule = () => import('../commands/schedule.ts');

const actions = ['apply', 'show', 'pause', 'resume', 'backfill'] as const;
type Action = (typeof actions)[number];

/** Which options make sense with which action; those of all are left out. */
const optionsOf: Record<Action, readonly string[]> = {
  apply: ['dryRun'],
  show: [],
  pause: ['only', 'note'],
  resume: ['only', 'note'],
  backfill: ['only', 'from', 'to', 'dryRun'],
};

/** The Temporal schedules that a platform file asks for. */
export function registerSchedules(command: Register): void {
  command(
    'schedule <platform>',
    'the Temporal schedules that the platform file asks for: apply, show, pause, resume, backfill',
    'rekindle schedule nuvla apply --dry-run',
    async (context, [platform = '', action = 'show'], options) => run(context, platform, action as Action, options),
  )
    .addArgument(new Argument('[action]', 'what to do').choices(actions).default('show'))
    .option('--dry-run', 'apply, backfill: show what would be done, change nothing')
    .addOption(new Option('--only <kind>', 'pause, resume, backfill: this schedule').choices(scheduleKinds))
    .option('--note <text>', 'pause, resume: why')
    .option('--from <time>', 'backfill: from this time on (ISO 8601)')
    .option('--to <time>', 'backfill: until this time; default: now')
    .addOption(byOption());
}

async function run(context: CommandContext, platform: string, action: Action, options: Options): CommandResult {
  const given = ['dryRun', 'only', 'note', 'from', 'to'].filter((name) => options[name] !== undefined);
  const wrong = given.find((name) => !optionsOf[action].includes(name));
  if (wrong !== undefined)
    throw new Failure('InvalidArgument', {
      message: `--${wrong.replace('dryRun', 'dry-run')} does not go with "schedule ${action}"`,
      remedy: '"rekindle schedule --help" says which option goes with what',
    });
  const only = text(options['only']) as ScheduleKind | undefined;
  const dryRun = options['dryRun'] === true;
  switch (action) {
    case 'apply':
      return (await schedule()).applyCommand(context, platform, { dryRun });
    case 'show':
      return (await schedule()).showCommand(context, platform);
    case 'pause':
      return (await schedule()).pauseCommand(context, platform, { only, note: text(options['note']), by: by(options) });
    case 'resume':
      return (await schedule()).resumeCommand(context, platform, {
        only,
        note: text(options['note']),
        by: by(options),
      });
    case 'backfill':
      return (await backfill()).backfillCommand(context, platform, {
        only,
        from: text(options['from']),
        to: text(options['to']),
        dryRun,
      });
  }
}
