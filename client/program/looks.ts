import { InvalidArgumentError } from 'commander';
import { reportCommand, runsCommand, statusCommand, watchCommand } from '../commands/look.ts';
import { text, type Register } from './register.ts';

/** What looks at runs, and changes nothing. */
export function registerLooks(command: Register): void {
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
    (context, [platform = '', run = ''], options) =>
      reportCommand(context, platform, run, { running: options['running'] === true }),
  ).option('--running', 'instead: the jobs that ran at the time of the backup and were queued again');
}

function wholeNumber(value: string): string {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('a whole number from 1 is wanted');
  return value;
}
