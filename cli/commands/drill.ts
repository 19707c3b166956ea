import { overallVerdict } from '../../domain/checks.ts';
import { InvalidArgumentError, Option } from 'commander';
import { mostKeepHours } from '../../domain/drills/kept.ts';
import type { DrillInput } from '../../domain/runs/run.ts';
import { text, type Command, type CommandContext, type CommandResult } from '../command.ts';
import { assertHere, openPlatform } from '../open-platform.ts';
import { sayPreview } from '../say-preview.ts';
import { platformDesk } from '../with-desk.ts';

export const drill: Command = {
  usage: 'drill <platform>',
  description: 'rehearse the restore of a recovery point next to the living platform, and take it down again',
  example: 'rekindle drill nuvla --point latest',
  gateway: 'works',
  options: [
    new Option(
      '--point <point>',
      '"latest", "proven" or an id of "rekindle points" (default: the one whose proof is under way, else the latest)',
    ),
    new Option(
      '--indices <patterns>',
      'only these: names and patterns, a leading - excludes (default: all that fit)',
    ).argParser((value: string, before: string[] | undefined) => [
      ...(before ?? []),
      ...value.split(',').map((word) => word.trim()),
    ]),
    new Option('--keep <hours>', 'keep what was restored so long, stopped, for "rekindle restore --promote"')
      .argParser(hours)
      .conflicts('indices'),
    new Option('--dry-run', 'show the plan and whether it fits, change nothing; needs no Temporal'),
  ],
  async run(context, [platform = ''], options) {
    const { environment } = context;
    const point = text(options['point']);
    const indices = options['indices'] as string[] | undefined;
    const keepHours = options['keep'] as number | undefined;
    const input: DrillInput = {
      platform,
      ...(point !== undefined && { point }),
      ...(indices && { indices }),
      ...(keepHours !== undefined && { keepHours }),
    };
    if (options['dryRun'] === true) {
      assertHere(environment, '--dry-run');
      return preview(context, input);
    }
    // A fault of the platform file is bad input, reported before anything is started.
    await (await platformDesk(environment)).assertUsable(platform);
    const { startAndFollow } = await import('../start-and-follow.ts');
    return startAndFollow(context, 'drill', input);
  },
};

function hours(value: string): number {
  const given = Number(value);
  if (Number.isInteger(given) && given >= 1 && given <= mostKeepHours) return given;
  throw new InvalidArgumentError(`It must be a whole number of hours from 1 to ${mostKeepHours}.`);
}

async function preview({ environment, output }: CommandContext, input: DrillInput): CommandResult {
  const { prepareDrill } = await import('../../operations/drill/prepare-drill.ts');
  const open = await openPlatform(environment, input.platform);
  const prepared = await prepareDrill(open, { ...input, run: `drill/${input.platform}/dry-run` });
  return sayPreview(output, { ...prepared, verdict: overallVerdict(prepared.checks) });
}
