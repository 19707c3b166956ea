import { InvalidArgumentError } from 'commander';
import { text, type Register } from './register.ts';

// Loaded when asked for: see register.ts.
const look = () => import('../commands/look.ts');

/** What looks at runs, and changes nothing. */
export function registerLooks(command: Register): void {
  command(
    'runs [platform]',
    'list the runs, newest first',
    'rekindle runs nuvla --limit 5',
    async (context, [platform], options) =>
      (await look()).runsCommand(context, platform, Number(text(options['limit']) ?? 20)),
  ).option('--limit <count>', 'how many', wholeNumber);
  command(
    'status <run>',
    "where a run stands; a platform's name means its newest run",
    'rekindle status nuvla',
    async (context, [run = '']) => (await look()).statusCommand(context, run),
  );
  command('watch <run>', 'follow a run to its end', 'rekindle watch nuvla', async (context, [run = '']) =>
    (await look()).watchCommand(context, run),
  );
  command(
    'report <platform> <run>',
    "a run's report from the catalogue; needs no Temporal",
    'rekindle report nuvla restore/nuvla/2026-11-21T09:30:00Z',
    async (context, [platform = '', run = ''], options) =>
      (await look()).reportCommand(context, platform, run, { running: options['running'] === true }),
  ).option('--running', 'instead: the jobs that ran at the time of the backup and were queued again');
}

function wholeNumber(value: string): string {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('a whole number from 1 is wanted');
  return value;
}
