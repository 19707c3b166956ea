import { Argument, Option } from 'commander';
import { Failure } from '../../domain/failures.ts';
import { scheduleKinds, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import { by, byOption, text, type Command } from '../command.ts';

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

export const schedule: Command = {
  usage: 'schedule <platform>',
  description: 'the Temporal schedules that the platform file asks for: apply, show, pause, resume, backfill',
  example: 'rekindle schedule nuvla apply --dry-run',
  arguments: [new Argument('[action]', 'what to do').choices(actions).default('show')],
  options: [
    new Option('--dry-run', 'apply, backfill: show what would be done, change nothing'),
    new Option('--only <kind>', 'pause, resume, backfill: this schedule').choices(scheduleKinds),
    new Option('--note <text>', 'pause, resume: why'),
    new Option('--from <time>', 'backfill: from this time on (ISO 8601)'),
    new Option('--to <time>', 'backfill: until this time; default: now'),
    byOption,
  ],
  async run(context, [platform = '', given = 'show'], options) {
    const action = given as Action;
    refuseStrayOptions(action, Object.keys(options));
    const only = text(options['only']) as ScheduleKind | undefined;
    const dryRun = options['dryRun'] === true;
    const pausing = { only, note: text(options['note']), by: by(options) };
    switch (action) {
      case 'apply':
        return (await import('../schedule/apply.ts')).applyToTemporal(context, platform, { dryRun });
      case 'show':
        return (await import('../schedule/show.ts')).showSchedules(context, platform);
      case 'pause':
        return (await import('../schedule/pause.ts')).pauseSchedules(context, platform, pausing);
      case 'resume':
        return (await import('../schedule/pause.ts')).resumeSchedules(context, platform, pausing);
      case 'backfill': {
        const { backfillSchedule } = await import('../schedule/backfill.ts');
        return backfillSchedule(context, platform, {
          only,
          from: text(options['from']),
          to: text(options['to']),
          dryRun,
        });
      }
    }
  },
};

/** Failure: InvalidArgument, when an option was given that this action does not know. */
function refuseStrayOptions(action: Action, given: readonly string[]): void {
  const known = new Set(Object.values(optionsOf).flat());
  const wrong = given.find((name) => known.has(name) && !optionsOf[action].includes(name));
  if (wrong !== undefined)
    throw new Failure('InvalidArgument', {
      message: `--${wrong.replace('dryRun', 'dry-run')} cannot be used with "schedule ${action}"`,
      remedy: '"rekindle schedule --help" says which option goes with which action',
    });
}
