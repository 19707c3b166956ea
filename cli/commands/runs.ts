import { InvalidArgumentError, Option } from 'commander';
import { text, type Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { elapsed } from '../../domain/units.ts';

const byDefault = 20;
const mostRuns = 10_000;

export const runs: Command = {
  usage: 'runs [platform]',
  description: 'list the runs, newest first',
  example: 'rekindle runs nuvla --limit 5',
  gateway: 'works',
  options: [new Option('--limit <count>', `how many; default: ${byDefault}`).argParser(wholeNumber)],
  async run({ environment, output }, [platform], options) {
    const limit = Number(text(options['limit']) ?? byDefault);
    const { withDesk } = await import('../with-desk.ts');
    return withDesk(environment, async (desk) => {
      const found = await desk.runs({ platform, limit });
      output.document({ runs: found });
      const rows = found.map((run) => [
        run.id,
        run.startedAt.slice(0, 19) + 'Z',
        elapsed(run.startedAt, run.closedAt, Date.now()),
        run.phase || run.status,
        run.verdict,
      ]);
      output.say(
        rows.length === 0 ? 'no run yet' : table([['run', 'started', 'took', 'phase', 'verdict'], ...rows]).join('\n'),
      );
      return exitCodes.passed;
    });
  },
};

function wholeNumber(value: string): string {
  if (/^[1-9]\d*$/.test(value) && Number(value) <= mostRuns) return value;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostRuns}`);
}
